def act(folder, name):
    return name
