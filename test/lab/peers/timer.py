"""A gate as scripts drive it: timer.py INPUT OUTPUT, pins by their sysfs numbers."""

import select
import sys
import threading
import time

base = "/sys/class/gpio/"


def write(path, text):
    with open(base + path, "w") as file:
        file.write(text)


source, gate = sys.argv[1], sys.argv[2]
for pin in (source, gate):
    write("export", pin)
write(f"gpio{source}/direction", "in")
write(f"gpio{source}/edge", "rising")
write(f"gpio{gate}/direction", "out")
level = open(base + f"gpio{gate}/value", "w", buffering=1)


def pulse():
    level.write("1\n")
    time.sleep(0.005)
    level.write("0\n")


edges = open(base + f"gpio{source}/value")
edges.read()
poll = select.poll()
poll.register(edges, select.POLLPRI | select.POLLERR)
print("ready", flush=True)
while True:
    poll.poll()
    edges.seek(0)
    if edges.read().strip() == "1":
        threading.Timer(0.05, pulse).start()
