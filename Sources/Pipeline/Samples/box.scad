// A box with its corner at the origin.
size = [10, 20, 30];
cube(size);
