"""What is said in English about dates (D3xx): for each code and variant, what is wrong and what to do."""

from __future__ import annotations

DATES = {
    "D300": (
        "{where}: neither how often nor when: it will be asked for once, due on the last day of the plan ({day})",
        "add `every` (quarter, year …) or `due`; if it is owed once, at the end of the plan, write `every: once`; if no report is owed, `report: none`",
    ),
    "D301": (
        "{where}: due by {due}, but its data are not closed before {cut_off}",
        "give this report a cut-off of its own: `cut_off: {{by: {early}}}`; or a later due date",
    ),
    "D301:own": (
        "{where}: due by {due}, but the cut-off is {cut_off}",
        "the cut-off comes before the due date, for example `cut_off: {{by: {early}}}`",
    ),
    "D301:period": (
        "{where}: due by {due}, but the period runs until {cut_off}",
        "a report is due after the last day of its period (`to`)",
    ),
    "D302": (
        '{where}: due by {due}, but the report of the plan "{plan}" that it goes into is due by {theirs}',
        "give this report an earlier date, or that one a later",
    ),
    "D303": (
        "the reminder {span} before the due date comes before the request goes out ({opens} before)",
        "shorten the reminder, or lengthen `opens`",
    ),
    "D304": (
        "{where}: {due} lies outside the plan's period ({period})",
        "correct the date, or the plan's `period`",
    ),
    "D305": ("{where}: the plan runs {period}: which year's {day}?", "write the year: {guess_day}"),
    "D306": (
        "{where}: owed again and again (`every: {every}`), but due on one day: {day}",
        "leave the year out, and it serves every year: {example}",
    ),
    "D306:often": (
        "{where}: owed again and again (`every: {every}`), but due on one day: {day}",
        "count from the cut-off of each period: `due: {{after_cut_off: {span}}}`",
    ),
    "D307": (
        "{where}: owed several times a year (`every: {every}`), but due on one day of the year: {day}",
        "count from the cut-off of each period: `due: {{after_cut_off: {span}}}`",
    ),
    "D308": ("{where}: a cut-off cannot be counted from the cut-off", "write `by: 20/11` or `before: 21/11`"),
    "D308:counted": (
        "{where}: a cut-off is a day, not counted from another",
        "write `by: 20/11` or `before: 21/11`",
    ),
    "D309:order": (
        "{where}: a rung after {span}, below one after {above}",
        "put the rungs in the order of time",
    ),
    "D309:closed": (
        "{where}: a rung after {span} is never climbed: the report is closed after {closes}",
        "lengthen `closes`, or take the rung out",
    ),
    "D310": (
        '{where}: due by {due}, but it waits for "{task}", whose report is due by {theirs}',
        "give this one a later date, or that one an earlier",
    ),
    "D311": (
        "{where}: owed in the plan's own periods, but the plan lists none",
        "list them: `periods: [{{id: dot-1, name: Đợt 1, from: …, to: …}}]` under `plan`",
    ),
    "D312": (
        "the plan lists periods, but no report is owed in them",
        "write `every: listed` in a report, or take `periods` out",
    ),
    "D313:task": (
        '{where}: counted from the task "{name}", but this plan asks for no report on it that is owed "{every}"',
        "name a task whose report is owed as often, or write a day",
    ),
    "D313:parent": (
        '{where}: counted from the report of the plan above, but none that this plan implements asks for a report owed "{every}"',
        "name the task above: `implements: [{{plan: …, task: …}}]`; or write a day",
    ),
    "D314": (
        '{where}: due by {due} and closed {closes} later, not before {closed}; the report of the plan "{plan}" that it goes into is due by {theirs}',
        "if somebody never answers, the result comes too late: give this report an earlier date, its policy a shorter `closes`, or that report a later date",
    ),
    "D314:counted": (
        '{where}: due {span} before the report above, but closed {closes} after that, when the report of the plan "{plan}" is due already',
        "if somebody never answers, the result comes too late: make `before_parent` longer than {closes}, or `closes` of the policy shorter",
    ),
    "D315": (
        "{where}: the plan runs {period}, and no period `every: {every}` ends in that time: nobody ever owes it",
        "choose a shorter period, or `every: once` with `due`, or correct the plan's `period`",
    ),
    "D315:since": (
        "{where}: owed from the period that ends after {day} on, but the plan's last one ends {last}: nobody ever owes it",
        "correct `since`, or the plan's `period`",
    ),
    "D316": (
        "{where}: the last day is {day}, a day off; it stays as it is",
        "if reports are to come on a working day, write the one before: {before}",
    ),
    "D317": (
        "{where}: by then the task is to be done; its report is owed `every: {every}`, and due in each period by itself",
        "if a report is due on this day, write `report: {{every: once}}`; if not, leave it",
    ),
    "D318:over": (
        "{where}: the plan's period ({period}) was over before it was issued ({issued})",
        "correct `period` or `issued_on`; it was probably copied from last year's plan",
    ),
    "D318:apart": (
        "{where}: issued on {issued}, but the plan runs from {start}",
        "look at the years of `issued_on` and `period`",
    ),
    "D318:issued": (
        "{where}: the last day is {day}, before the plan was issued ({issued})",
        "correct the date, or `issued_on`",
    ),
    "D318:year": ("{where}: {day}: that year was hardly meant", "look at the year"),
    "D319:before": (
        '{where}: the document says "before {day}", which leaves {day} out, but `by` takes it in',
        "write `before: {day}`; if that day is to count, say why: `assumed: {{due: …}}`",
    ),
    "D319:by": (
        '{where}: the document says "by {day}", which takes {day} in, but `before` leaves it out',
        "write `by: {day}`; if that day is not to count, say why: `assumed: {{due: …}}`",
    ),
    "D320": (
        '{where}: the period "{name}" begins {day}, while "{other}" runs until {end}: figures would count twice',
        "correct `from` of this one, or `to` of the other",
    ),
    "D321": (
        '{where}: "{policy}" asks {opens} before the due date, when the period (`every: {every}`) has not begun',
        "add an escalation policy that asks later (such as `opens: {ahead}`) and name it as the report's `escalation`",
    ),
}
