"""A station as an integrator would write it in Python: OpenCV, onnxruntime on one thread, sqlite3, paho-mqtt.

Arguments: MODEL SIDE_PX FRAME_NV12 DATABASE MQTT_PORT. Answers the bench's questions, a line of JSON each way.
"""

import json
import sqlite3
import sys
import time

import cv2
import numpy as np
import onnxruntime
import paho.mqtt.client as mqtt

WIDTH_PX, HEIGHT_PX = 1280, 720

model, side, frame_file, database, port = sys.argv[1:]
side = int(side)
cv2.setNumThreads(1)
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
options.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
input_name = session.get_inputs()[0].name
frame = np.fromfile(frame_file, np.uint8).reshape(HEIGHT_PX * 3 // 2, WIDTH_PX)

store = sqlite3.connect(database)
store.execute("PRAGMA journal_mode=WAL")
store.execute("PRAGMA synchronous=FULL")
store.execute("CREATE TABLE part (id INTEGER PRIMARY KEY, at REAL, verdict TEXT, scores TEXT)")
store.commit()

client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
client.connect("127.0.0.1", int(port))
client.loop_start()


def inspect():
    """The verdict of the frame, with the scores behind it."""
    rgb = cv2.cvtColor(frame, cv2.COLOR_YUV2RGB_NV12)
    tensor = cv2.resize(rgb, (side, side), interpolation=cv2.INTER_AREA)[None]
    scores = session.run(None, {input_name: tensor})[0][0]
    return ("pass" if int(np.argmax(scores)) == 0 else "reject"), scores


def record(verdict, scores):
    """The row, durable, and the message."""
    row = {"at": time.time(), "verdict": verdict, "scores": [round(float(s), 4) for s in scores]}
    store.execute("INSERT INTO part (at, verdict, scores) VALUES (?, ?, ?)", (row["at"], verdict, str(row["scores"])))
    store.commit()
    client.publish("line/part", json.dumps(row), qos=1)


def paced(count, per_second):
    """The nanoseconds from frame to verdict and from there to the disk, of parts at an even rate."""
    verdicts, durable = [], []
    start = time.monotonic()
    for turn in range(count):
        time.sleep(max(0.0, start + turn / per_second - time.monotonic()))
        fired = time.monotonic_ns()
        verdict, scores = inspect()
        decided = time.monotonic_ns()
        record(verdict, scores)
        verdicts.append(decided - fired)
        durable.append(time.monotonic_ns() - decided)
    return {"verdictNs": verdicts, "durableNs": {"pass": durable, "reject": []}, "missing": 0}


for _ in range(20):
    inspect()
print(json.dumps({"ready": True}), flush=True)
for line in sys.stdin:
    question = json.loads(line)
    print(json.dumps(paced(question["count"], question["perSecond"])), flush=True)
client.loop_stop()
