"""优质均衡: each school's seven resources against the standard, and what is still needed."""
