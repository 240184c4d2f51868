"""``python -m tagseal`` is the command ``tagseal``."""

from tagseal.cli import main

if __name__ == "__main__":
    main()
