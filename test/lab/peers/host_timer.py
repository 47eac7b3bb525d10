"""How late threading.Timer is: host_timer.py SECONDS sets timers 50 ms ahead and prints by how many ms each was late."""

import sys
import threading
import time

end = time.monotonic() + float(sys.argv[1])
done = threading.Event()


def late(due):
    print((time.monotonic() - due) * 1000, flush=True)
    done.set()


while time.monotonic() < end:
    done.clear()
    threading.Timer(0.05, late, [time.monotonic() + 0.05]).start()
    done.wait()
