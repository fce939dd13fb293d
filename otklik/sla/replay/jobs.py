"""The job of a replay. One whose worker was killed is put back by the queue's sweep and begins anew."""

from otklik.jobs.queue import app
from otklik.sla.replay import running


@app.task(queue="replays")
def replay(replay_id: int) -> None:
    running.run(replay_id)
