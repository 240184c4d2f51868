"""What is measured of tagseal below its command line, each as a whole process of its own."""
