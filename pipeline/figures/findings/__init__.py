"""What the report may find, one kind a file: `find(comparison) → findings`. table.py lists them in order.

What is said to have changed is no chance with 99 %, all that is compared taken together (formulas.risen, longer). A
figure of fewer than ten is never compared.
"""
