"""What a template may hold: an allow-list, checked on its syntax tree, branch by branch, before anything is compiled.

Every expression has a kind (text, number, list …), worked out from the samples of the variables. So what could fail
when a mail is answered is found where it stands, also in a branch that no sample takes; and what could take long or
grow large can't be written at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jinja2 import nodes

from pipeline.replies.expressions import Expressions
from pipeline.replies.kinds import LOOP, UNKNOWN, Kind

MOST_INCLUDES = 20
MOST_BRANCHES = 100
FORS_IN_EACH_OTHER = 2


_TAKEN = ("loop", "self", "super", "caller", "varargs", "kwargs")


@dataclass(frozen=True, kw_only=True)
class Reference:
    """Another file that this one uses."""

    file: str
    line: int
    extends: bool


# What agents write now and then, and what to write instead.
_REFUSED: dict[type[nodes.Node], tuple[str, str]] = {
    nodes.Macro: ("macros are not allowed", "put the text into a file of its own and {% include %} it"),
    nodes.CallBlock: ("'call' is not allowed", "write the text where it is needed"),
    nodes.FilterBlock: ("'filter' around text is not allowed", "use the filter on a variable: {{ name|upper }}"),
    nodes.With: ("'with' is not allowed", "use {% set %}"),
    nodes.Import: ("'import' is not allowed", "put the text into a file of its own and {% include %} it"),
    nodes.FromImport: ("'import' is not allowed", "put the text into a file of its own and {% include %} it"),
    nodes.AssignBlock: ("'set' around text is not allowed", "write the text where it is needed"),
    nodes.Scope: (  # what Jinja reads `autoescape` as
        "escaping must not be switched off: what strangers write would become part of the page",
        "delete 'autoescape'",
    ),
}


class Inspection(Expressions):
    """One pass over one syntax tree; leaves `findings`, `references` and the `blocks` it met."""

    def __init__(self, file: str, variables: Mapping[str, Kind], *, offset: int = 0, head: bool = False) -> None:
        super().__init__(file, variables, offset=offset, head=head)
        self.references: list[Reference] = []
        self.blocks: dict[str, nodes.Block] = {}
        self._fors = self._includes = 0
        self._block: nodes.Block | None = None

    def inspect(self, tree: nodes.Template) -> None:
        """Looks at a whole tree; what it found is in the attributes."""
        self._extends = any(isinstance(node, nodes.Extends) for node in tree.body)
        self._top = tree.body
        for node in tree.body if not self._extends else sorted(tree.body, key=_sets_first):
            self._statement(node)

    # --- statements ---

    def _body(self, body: list[nodes.Node]) -> None:
        if body and self._deeper(body[0]):
            self._depth += 1
            for node in body:
                self._statement(node)
            self._depth -= 1

    def _statement(self, node: nodes.Node) -> None:
        match node:
            case nodes.Output():
                for child in node.nodes:
                    self._printed(child)
            case nodes.If():
                self._if(node)
            case nodes.For():
                self._for(node)
            case nodes.Assign():
                self._set(node)
            case nodes.Block() | nodes.Extends() | nodes.Include() if self.head:
                self._refuse(
                    node, "head", "blocks and other files have no place in the head", "write the subject out here"
                )
            case nodes.Block():
                self._enter(node)
            case nodes.Extends():
                self._extend(node)
            case nodes.Include():
                self._include(node)
            case _:
                message, remedy = _REFUSED.get(type(node), ("this is not allowed in a letter", "delete it"))
                code = "unescaped" if isinstance(node, nodes.Scope) else "not-allowed"
                self._refuse(node, code, message, remedy)

    def _printed(self, node: nodes.Node) -> None:
        if isinstance(node, nodes.TemplateData):
            return
        if _is_super(node):
            if self._block is None:
                self._refuse(node, "call", "super() only means something inside a block", "delete it")
            return
        self._printable(node, self._kind(node))

    def _if(self, node: nodes.If) -> None:
        if len(node.elif_) > MOST_BRANCHES:
            self._refuse(node, "nesting", f"more than {MOST_BRANCHES} branches", "write it more simply")
            return
        before, after = dict(self._names), []
        for branch in (node, *node.elif_):
            self._kind(branch.test)
            after.append(self._branch(branch.body, before))
        after.append(self._branch(node.else_, before))
        # A name that only some branches set is not there for sure.
        self._names = {name: kind for name, kind in after[0].items() if all(name in others for others in after)}

    def _branch(self, body: list[nodes.Node], before: Mapping[str, Kind]) -> dict[str, Kind]:
        self._names = dict(before)
        self._body(body)
        return self._names

    def _for(self, node: nodes.For) -> None:
        of = self._items(node)
        if self._fors >= FORS_IN_EACH_OTHER:
            self._refuse(
                node, "nesting", f"more than {FORS_IN_EACH_OTHER} 'for' inside each other", "write it more simply"
            )
            return
        before = dict(self._names)
        if isinstance(node.target, nodes.Name) and self._may_name(node.target):
            self._names[node.target.name] = of
        if node.test:
            self._kind(node.test)
        self._names["loop"] = LOOP
        self._fors += 1
        self._body(node.body)
        self._fors -= 1
        self._branch(node.else_, before)
        self._names = before

    def _items(self, node: nodes.For) -> Kind:
        """What the loop goes over: lists of ours, which are short."""
        if node.recursive:
            self._refuse(node, "not-allowed", "'for' can't be recursive", "delete 'recursive'")
        if not isinstance(node.target, nodes.Name):
            self._refuse(node, "not-allowed", "'for' takes one name", "{% for article in articles %}")
        kind = self._kind(node.iter)
        if isinstance(node.iter, (nodes.Name, nodes.Getattr)) and kind.of:
            return kind.of
        if kind != UNKNOWN:
            lists = ", ".join(name for name, kind in self._variables.items() if kind.of)
            self._refuse(node.iter, "loop", "'for' goes only over a list among the variables", f"there are: {lists}")
        return UNKNOWN

    def _may_name(self, target: nodes.Name) -> bool:
        if target.name in self._variables or target.name in _TAKEN or target.name.startswith("_"):
            self._refuse(target, "name-taken", f"'{target.name}' means something else already", "choose another name")
            return False
        return True

    def _set(self, node: nodes.Assign) -> None:
        if not isinstance(node.target, nodes.Name):
            self._refuse(node, "not-allowed", "'set' sets one name", "{% set greeting = 'Hello' %}")
            return
        made_of = {name.name for name in (node.node, *node.node.find_all(nodes.Name)) if isinstance(name, nodes.Name)}
        if made_of & self._own:
            self._refuse(node, "growth", "this is made from another name that was set, and could grow without end",
                         "make it from the variables")  # fmt: skip
        kind = self._kind(node.node)
        if self._may_name(node.target):
            self._own.add(node.target.name)
            self._names[node.target.name] = kind

    def _enter(self, node: nodes.Block) -> None:
        """A block sees the variables and what was set above all blocks."""
        if node.name in self.blocks:
            self._refuse(node, "block-twice", f"there are two blocks '{node.name}'", "rename one or put them together")
            return
        self.blocks[node.name] = node
        names, fors, block = self._names, self._fors, self._block
        self._names = dict(names) if node in self._top else dict(self._variables)
        self._block = node
        self._body(node.body)
        self._names, self._fors, self._block = names, fors, block

    def _extend(self, node: nodes.Extends) -> None:
        if node not in self._top or any(reference.extends for reference in self.references):
            self._refuse(
                node, "extends", "'extends' may occur once, at the top, under no condition", "move it to the top"
            )
        self._refer(node, node.template, extends=True)

    def _include(self, node: nodes.Include) -> None:
        self._includes += 1
        if self._includes == MOST_INCLUDES + 1:
            self._refuse(node, "growth", f"more than {MOST_INCLUDES} files are included", "include fewer")
        self._refer(node, node.template, extends=False)

    def _refer(self, node: nodes.Node, name: nodes.Expr, *, extends: bool) -> None:
        word = "extends" if extends else "include"
        if not isinstance(name, nodes.Const) or not isinstance(name.value, str):
            self._refuse(
                node, "outside", f"'{word}' needs the name of one file in quotes", f'{{% {word} "base.txt" %}}'
            )
            return
        self.references.append(Reference(file=name.value, line=self.line(node), extends=extends))


def _sets_first(node: nodes.Node) -> bool:
    """In a file that extends another, what is set outside of blocks is set before any block is printed."""
    return isinstance(node, nodes.Block)


def _is_super(node: nodes.Node) -> bool:
    if not isinstance(node, nodes.Call) or not isinstance(node.node, nodes.Name):
        return False
    return node.node.name == "super" and not (node.args or node.kwargs or node.dyn_args or node.dyn_kwargs)
