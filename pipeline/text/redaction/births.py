"""Dates of birth after the words that say that they are one. Other dates stay, and so do ages."""

from __future__ import annotations

import re

from pipeline.text.redaction.cues import after_cue, heads
from pipeline.text.redaction.rules import Replacing, after

_MONTH = (
    r"(?:jan|feb|mar|mär|maa|apr|avr|abr|mai|may|maj|mei|jun|jui|jul|aug|ago|aoû|sep|set|okt|oct|out|ott|nov|dec|dez"
    r"|déc|dic|"
    r"des|ene|fév|fev|tammi|helmi|huhti|touko|kesä|heinä|elo|syys|loka|marras|joulu|gen|mag|giu|lug|mrt|sty|lut|kwi"
    r"|cze|lip|"
    r"sie|wrz|paź|lis|gru)[^\W\d_]{0,10}\.?"
)
_DATE = (
    rf"(?:\d{{4}}[-./]\d{{1,2}}[-./]\d{{1,2}}"
    rf"|\d{{1,2}}[-./][ ]?\d{{1,2}}[-./ ][ ]?(?:\d{{4}}|\d{{2}})"
    rf"|\d{{1,2}}(?:st|nd|rd|th|er|º|\.)?[ ]{{1,2}}(?:of |de |d'|of the )?{_MONTH}"
    rf"(?:[ ,]{{1,2}}(?:de |del )?(?:\d{{4}}|'?\d\d))?"
    rf"|{_MONTH}[ ]\d{{1,2}}(?:st|nd|rd|th)?,?[ ]\d{{4}}"
    rf"|\d{{8}}|(?:19|20)\d\d"
    rf")(?!\d)"
)
_LINK = (
    r"(?:[ \t]{0,2}(?:\([^()\n]{0,20}\)|[:=]"
    r"|\b(?:is|ist|lautet|est|es|on|är|am|the|le|el|den|in|im jahr|en|vuonna|år|året|nel)\b)){0,3}[ \t]{0,2}"
)
_CUE = after_cue("birth")
_AFTER = re.compile(rf"{_LINK}(?P<value>{_DATE})", re.IGNORECASE)
_BEFORE = re.compile(rf"(?<![\w.]){_DATE}(?P<cue>[ ]{{1,2}}(?:geboren|geb\.|born|syntynyt|född))(?!\w)", re.IGNORECASE)


def _births(text: str) -> str:
    text = after(text, _CUE, _AFTER, "<birth>")
    return _BEFORE.sub(lambda match: "<birth>" + match["cue"], text)


RULES: tuple[Replacing, ...] = (Replacing(_births, heads=heads("birth"), digit=True),)
