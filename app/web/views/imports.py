"""The Import page: newsletters handed in, read in the background, reviewed, and only then put into the graph."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app import jobs, rereading, settings
from app.jobs import Jobs
from app.jobtypes import DONE, DRAFT, PUTTING, READING, REVIEW, Found, Job
from app.web import changed, review, state
from app.web.handed import OUTCOMES, discard, draft, files, go, kept, take, tell, title_of
from app.web.older import older
from app.web.tags import notice, show, tag
from kg.errors import KGError
from kg.graph import Graph

ROWS = 40  # issues of a list, shown at first and with each "Show more"
STATES = {DRAFT: "not read yet", READING: "being read", REVIEW: "to be reviewed", PUTTING: "going into the graph",
          DONE: "in the graph"}  # fmt: skip


def page() -> None:
    """Draw the page; what cannot be done is told in a box."""
    show(
        tag(
            "div",
            tag("h1", "Import newsletters"),
            tag("span", "Nothing counts before you put it into the graph."),
            css="kg-head",
        )
    )
    try:
        own = jobs.of(settings.load())
        own.wake()
        if problem := state.trouble():
            notice("error", "That did not work", problem)
        take(own)
        known = own.book.jobs()
        if job := chosen(known):
            one(own, job)
        older(rereading.of(own.settings))
        others(own, [other for other in known if job is None or other.id != job.id])
    except KGError as error:
        notice("error", "The imports cannot be shown", str(error))


def chosen(known: Sequence[Job]) -> Job | None:
    """Return the job of the address bar, else the latest one that is not done."""
    id = st.query_params.get("job", "")
    return next((j for j in known if str(j.id) == id), None) or next((j for j in known if j.state != DONE), None)


def one(own: Jobs, job: Job) -> None:
    """Show a job: what was handed in, its progress, its review, or what it changed."""
    show(tag("div", tag("b", title_of(own, job)), tag("span", STATES[job.state]), css="kg-section kg-job"))
    if job.trouble:
        notice(
            "error" if job.state == REVIEW and "Stopped" not in job.trouble else "info",
            "This import stopped",
            job.trouble,
        )
    if job.state == DRAFT:
        draft(own, job)
    elif job.busy:
        st.fragment(running, run_every=1.0)(own, job)
    elif job.state == REVIEW:
        reviewed(own, job)
    else:
        finished(own, job)


def running(own: Jobs, shown: Job) -> None:
    """Show the progress of a job; drawn again every second while it runs, and not once more."""
    own.wake()
    job = own.book.job(shown.id)
    if job is None or not job.busy or job.state != shown.state:
        st.rerun()
    handed, found = own.book.handed(job.id), own.book.found(job.id)
    if job.state == READING:
        done, whole = sum(h.state != "waiting" for h in handed), len(handed)
        failed = sum(h.state == "failed" for h in handed)
        words = f"{done} of {whole} read · {sum(f.names for f in found):,} names"
        words += f" · {sum(f.statements for f in found):,} statements" + (f" · {failed} failed" if failed else "")
        if not any(h.tries or h.state == "read" for h in handed):
            words = "Getting the reader ready…"
    else:
        some = [f for f in found if not f.skipped and f.outcome not in ("twice", "unchanged")]
        done, whole = sum(bool(f.outcome) for f in some), len(some)
        words = f"{done} of {whole} issues in the graph"
    bar, button = st.columns([8, 1], vertical_alignment="center")
    bar.progress(done / whole if whole else 0.0)
    button.button("Stop", on_click=own.stop, args=(job.id,), key="do-stop", width="stretch")
    show(tag("p", words, css="kg-small", role="status"))
    files(handed, found, putting=job.state == PUTTING)


def reviewed(own: Jobs, job: Job) -> None:
    """Show what was found, issue by issue, and the button that puts it into the graph."""
    handed, found = own.book.handed(job.id), own.book.found(job.id)
    verdicts = own.book.verdicts(job.id)
    graph, listed = store()
    ready = [f for f in found if f.open]
    wrong = sum(v == "reject" for f in ready for v in verdicts.get(f.id, {}).values())
    unsure = sum(len(f.unsure.split()) for f in ready)
    counts = [
        f"{len(ready)} issue{'s' if len(ready) != 1 else ''}", f"{sum(f.names for f in ready):,} names",
        f"{sum(f.statements for f in ready):,} statements",
        *(f"{n:,} {what}" for n, what in ((unsure, "less certain"), (wrong, "wrong")) if n),
    ]  # fmt: skip
    show(tag("p", " · ".join(counts), css="kg-answer kg-unanswered", role="status"))
    if failed := [h for h in handed if h.state == "failed"]:
        show(tag("p", f"{len(failed)} of {len(handed)} could not be read:", css="kg-small"))
        files(failed, [])
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button(f"Put {counts[0]} into the graph", type="primary", disabled=not ready, on_click=_put,
                  args=(own, job.id), key="do-put")  # fmt: skip
        if left := sum(h.state == "waiting" for h in handed):
            st.button(f"Read the other {left}", on_click=_go_on, args=(own, job.id), key="do-go-on")
        st.button("Discard", on_click=discard, args=(own, job.id), key="do-discard")
        st.checkbox("Show only the less certain", **kept("unsure-only", False))
    limit = st.session_state.setdefault(f"rows-{job.id}", ROWS)
    for f in found[:limit]:
        row(own, graph, listed, f, verdicts.get(f.id, {}))
    if len(found) > limit:
        st.button(f"Show {min(ROWS, len(found) - limit)} more of {len(found) - limit}", key="more-issues",
                  on_click=_more, args=(job.id,))  # fmt: skip


def store() -> tuple[Graph | None, list[review.Listing]]:
    """Return the graph and its issues, or none where the store is out of reach (and say so)."""
    try:
        graph = state.graph()
        return graph, list(graph.issues())
    except KGError as error:
        notice("error", "The store cannot be reached now", f"{error}\nWhat was read is kept; it can be put later.")
        return None, []


def row(own: Jobs, graph: Graph | None, listed: list[review.Listing], found: Found, verdicts: dict[str, str]) -> None:
    """Show an issue in a line, and under it its review if it is the opened one."""
    opened = st.query_params.get("issue") == str(found.id)
    wrong = sum(v == "reject" for v in verdicts.values())
    unsure = len(found.unsure.split())
    if found.outcome in OUTCOMES:
        words = OUTCOMES[found.outcome] + (f" ({found.note})" if found.outcome == "failed" and found.note else "")
    elif found.skipped:
        words = "left out"
    else:
        counts = [(found.statements, "statements"), (unsure, "less certain"), (wrong, "wrong")]
        counts.append((len(verdicts) - wrong, "right"))
        words = " · ".join(f"{n} {what}" for n, what in counts if n) or "nothing found"
    left, out, right = st.columns([8.2, 1, 0.9], vertical_alignment="center")
    with left:
        day = found.given or found.date or "undated"
        about = " · ".join(part for part in (found.publisher, found.file if found.file != found.title else "") if part)
        cells = (tag("div", tag("b", found.title or found.key), tag("span", about, css="kg-small")),
                 tag("div", day, css="" if day != "undated" else "kg-mark-text"), tag("div", words))  # fmt: skip
        css = "kg-row kg-issue" if found.open else "kg-row kg-issue kg-off"
        show(tag("div", *cells, css=css, style="grid-template-columns: minmax(0, 10fr) 5.5rem minmax(0, 7fr)"))
    if found.outcome in ("", "failed"):
        with out:
            st.button("Take in" if found.skipped else "Leave out", key=f"skip-{found.id}", type="tertiary",
                      on_click=own.book.say, args=(found.id,), kwargs={"skipped": int(not found.skipped)})  # fmt: skip
        with right:
            st.button("Close" if opened else "Review", key=f"open-{found.id}", type="tertiary", on_click=_open,
                      args=(found.id, opened))  # fmt: skip
        if opened and not found.skipped:
            with st.container(border=True, key=f"opened-{found.id}"):
                review.issue(own.book, graph, listed, found, verdicts)


def finished(own: Jobs, job: Job) -> None:
    """Show what a job changed, and what became of each issue."""
    changed.change(own.book.change(job.id))
    found = own.book.found(job.id)
    handed = [h for h in own.book.handed(job.id) if h.state == "failed"]
    lines = []
    for f in found:
        words = "left out" if f.skipped else OUTCOMES.get(f.outcome, f.outcome)
        lines.append(
            tag(
                "div",
                tag("span", f.title or f.file or f.key),
                tag("span", words, f": {f.note}" if f.note and f.outcome == "failed" else ""),
                css="kg-file",
            )
        )
    lines += [
        tag("div", tag("span", h.name or "Pasted text"), tag("span", h.error), css="kg-file kg-failed") for h in handed
    ]
    show(tag("div", "Issues", css="kg-section"), tag("div", *lines, css="kg-files"))


def others(own: Jobs, known: Sequence[Job]) -> None:
    """List the other jobs."""
    if not known:
        return
    waiting = sum(job.state != DONE for job in known)
    words = f"Other imports ({len(known)}" + (f", {waiting} not in the graph)" if waiting else ")")
    with st.expander(words):
        for job in known:
            left, open, away = st.columns([8, 1, 1], vertical_alignment="center")
            with left:
                day = f"{job.made[:16].replace('T', ' ')} UTC"
                show(tag("p", title_of(own, job), f" — {day}, {STATES[job.state]}", css="kg-small"))
            open.button("Show", key=f"show-{job.id}", type="tertiary", on_click=go, args=(job.id,))
            if not job.busy:
                away.button("Forget", key=f"forget-{job.id}", type="tertiary", on_click=discard, args=(own, job.id),
                            help="What it put into the graph stays there.")  # fmt: skip


def _open(issue: int, opened: bool) -> None:
    if opened:
        st.query_params.pop("issue", None)
    else:
        st.query_params["issue"] = str(issue)


def _more(job: int) -> None:
    st.session_state[f"rows-{job}"] += ROWS


def _put(own: Jobs, job: int) -> None:
    try:
        own.put(job)
    except KGError as error:
        tell(error)
    go(job)


def _go_on(own: Jobs, job: int) -> None:
    try:
        own.go_on(job)
    except KGError as error:
        tell(error)


page()
