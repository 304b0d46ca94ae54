"""Mathematics between dollars in a title: find it, and write it as plain text."""

from __future__ import annotations

import re

PART = re.compile(r"\\\$|\$(?:\\.|[^$\\])*\$|(?:\\(?!\$)|[^\\$])+|\$", re.DOTALL)
COMMANDS = {
    **{"cdot": "·", "times": "×", "ast": "∗", "star": "⋆", "pm": "±", "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥"},
    **{"neq": "≠", "ne": "≠", "approx": "≈", "equiv": "≡", "infty": "∞", "sum": "∑", "prod": "∏", "partial": "∂"},
    **{"nabla": "∇", "rightarrow": "→", "to": "→", "leftarrow": "←", "in": "∈", "lfloor": "⌊", "rfloor": "⌋"},
    **{"lceil": "⌈", "rceil": "⌉", "ldots": "…", "dots": "…", "cdots": "⋯", "prime": "′", "quad": " ", "qquad": " "},
    **{"top": "ᵀ", "mid": "|", "left": "", "right": "", ",": " ", ";": " ", ":": " ", " ": " ", "!": "", "{": "{"},
    **{"}": "}", "$": "$", "%": "%", "_": "_", "#": "#", "&": "&"},
    **{"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ"},
    **{"iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ"},
    **{"tau": "τ", "upsilon": "υ", "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ"},
    **{"Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω"},
}
"""Command without its backslash → its sign; the others become their name."""
SCRIPTS = {
    "^": str.maketrans("0123456789+−=()niT", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱᵀ"),
    "_": str.maketrans("0123456789+−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ"),
}
"""Sign of a script → the raised or lowered characters that Unicode has."""
SIGNS = {"'": "′", "-": "−", "~": " ", "\n": " "}
"""Character in mathematics → its sign."""
TOKEN = re.compile(r"\\(?:[A-Za-z]+|.)|[\s\S]")


def split_math(title: str) -> list[tuple[str, bool]]:
    r"""Split a title into parts, and whether each is mathematics with its dollars; `\$` becomes a dollar."""
    parts: list[tuple[str, bool]] = []
    for part in PART.findall(title):
        if len(part) > 1 and part[0] == part[-1] == "$":
            parts.append((part, True))
            continue
        text = "$" if part == r"\$" else part
        if parts and not parts[-1][1]:
            text = parts.pop()[0] + text
        parts.append((text, False))
    return parts


def plain_math(title: str) -> str:
    r"""Return a title with its mathematics as plain text: `$p' = \frac{k}{2} - x_1$` becomes `p′ = k/2 − x₁`."""
    return "".join(_plain(part[1:-1]) if is_math else part for part, is_math in split_math(title))


def _plain(math: str) -> str:
    tokens = TOKEN.findall(math)
    text = ""
    while tokens:
        text += _next(tokens)
    return re.sub(" +(?=[⌋⌉ ])", "", text).strip()


def _next(tokens: list[str]) -> str:
    """Take one token, with what belongs to it, and return it as plain text."""
    token = tokens.pop(0)
    if token == "{":
        text = ""
        while tokens and tokens[0] != "}":
            text += _next(tokens)
        del tokens[:1]
        return text
    if token in SCRIPTS:
        return _script(token, _argument(tokens))
    if token == r"\frac":
        return f"{_grouped(_argument(tokens))}/{_grouped(_argument(tokens))}"
    if token == r"\sqrt":
        return f"√{_grouped(_argument(tokens))}"
    return _command(token[1:], tokens) if token[0] == "\\" else SIGNS.get(token, token)


def _script(sign: str, text: str) -> str:
    """Return a script in raised or lowered characters if Unicode has all of them, else as `^(a+b)`."""
    plain = text.translate(SCRIPTS[sign])
    exists = all(one != other for one, other in zip(text, plain, strict=True)) or text in ("′", "*", "ᵀ")
    return plain if exists else f"{sign}{_grouped(text)}"


def _command(name: str, tokens: list[str]) -> str:
    sign = COMMANDS.get(name)
    if sign is None:
        return "" if tokens and tokens[0] == "{" else name
    while tokens and tokens[0] == " " and (sign.isalpha() or sign in ("∂", "∇", "⌊", "⌈")):
        tokens.pop(0)
    return sign


def _argument(tokens: list[str]) -> str:
    while tokens and tokens[0] == " ":
        tokens.pop(0)
    return _next(tokens).strip() if tokens else ""


def _grouped(text: str) -> str:
    """Return text in parentheses unless it is one number, letter or group."""
    return text if len(text) < 2 or text.isdigit() or text.isalpha() else f"({text})"
