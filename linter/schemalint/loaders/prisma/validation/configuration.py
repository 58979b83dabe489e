"""The `datasource` and `generator` blocks."""

from __future__ import annotations

from collections.abc import Sequence

from schemalint.attributes import Setting, Value
from schemalint.loaders.prisma.syntax import BlockNode, Document
from schemalint.loaders.prisma.validation.arguments import as_string, wrong_kind
from schemalint.loaders.prisma.validation.connectors import (
    NO_CONNECTOR,
    PROVIDERS,
    Connector,
    connector_for,
)
from schemalint.loaders.prisma.validation.names import starts_with_digit
from schemalint.loaders.prisma.validation.report import Report, quoted
from schemalint.loaders.prisma.validation.resolved import Configuration

_FEATURES = """
    aggregateapi atomicnumberoperations clientextensions cockroachdb connectorcreate createmany
    dataproxy deno distinct driveradapters extendedindexes extendedwhereunique fieldreference
    filteredrelationcount filterjson fulltextindex fulltextsearch fulltextsearchpostgres groupby
    improvedqueryraw interactivetransactions jsonprotocol metrics microsoftsqlserver middlewares
    mongodb multischema namedconstraints napi nativedistinct nativetypes omitapi
    orderbyaggregategroup orderbynulls orderbyrelation partialindexes postgresqlextensions
    prismaschemafolder querycompiler reactnative referentialactions referentialintegrity
    relationjoins schemaenginedriveradapters selectrelationcount shardkeys strictundefinedchecks
    tracing transactionapi typedsql uncheckedscalarinputs views
"""
PREVIEW_FEATURES = frozenset(_FEATURES.split())
"""Every preview feature that a release from 4 to 7 takes, in lower case: case does not matter."""
_POSTGRESQL_ONLY = "fulltextsearchpostgres"
_ADDRESSES = ("url", "directUrl", "shadowDatabaseUrl")
_SETTINGS = ("provider", *_ADDRESSES, "relationMode", "schemas", "extensions")


def configuration_of(documents: Sequence[Document], report: Report) -> Configuration:
    """What the configuration blocks say, with everything that is wrong in them reported."""
    sources: list[BlockNode] = []
    generators: list[BlockNode] = []
    for document in documents:
        for block in document.blocks:
            if block.keyword == "datasource":
                sources.append(block)
            elif block.keyword == "generator":
                generators.append(block)
    configuration = Configuration(NO_CONNECTOR)
    understood = 0
    for block in sources:
        found = _datasource(block, report)
        if found is not None:
            understood += 1
            if understood == 1:
                configuration = found
    if understood > 1:
        for block in sources:
            report.error(
                block.span,
                "A schema has one datasource; Prisma cannot work with several databases at once.",
            )
    features: set[str] = set()
    for block in generators:
        features |= _generator(block, configuration.connector, report)
    configuration.preview_features = frozenset(features)
    return configuration


def _datasource(block: BlockNode, report: Report) -> Configuration | None:
    settings = {setting.key: setting for setting in block.settings}
    connector = _provider(block, settings.pop("provider", None), report)
    if connector is None:
        return None
    configuration = Configuration(connector, name=block.name, block=block)
    configuration.relation_mode = connector.relation_modes[0]
    _relation_mode(block, settings, configuration, report)
    if connector.provider == "postgresql":
        extensions = settings.pop("extensions", None)
        if extensions is not None:
            _extensions(extensions, configuration, report)
    for key in _ADDRESSES:
        setting = settings.pop(key, None)
        if setting is not None:
            environment_string(setting.value, report)
    _different_shadow(block, report)
    preview = settings.pop("previewFeatures", None)
    if preview is not None:
        report.error(
            preview.span,
            "Preview features are switched on in a `generator`, not in the datasource.",
        )
    schemas = settings.pop("schemas", None)
    if schemas is not None:
        _schemas(schemas, configuration, report)
    for key, setting in settings.items():
        report.error(
            setting.span,
            f"A datasource has no setting `{key}`.",
            help=report.did_you_mean(key, _SETTINGS),
        )
    return configuration


def _provider(block: BlockNode, setting: Setting | None, report: Report) -> Connector | None:
    if setting is None:
        report.error(
            block.span,
            f"The datasource `{block.name}` names no `provider`, so its database is unknown.",
            help='Add for example `provider = "postgresql"`.',
        )
        return None
    value = setting.value
    if value.kind == "call" and value.text == "env":
        report.error(
            block.span,
            "The `provider` of a datasource cannot come from the environment: the schema's "
            "meaning depends on it.",
        )
        return None
    if value.kind != "string" or not value.text:
        report.error(value.span, "The `provider` of a datasource is a string that is not empty.")
        return None
    connector = connector_for(value.text)
    if connector is None:
        report.error(
            value.span,
            f'Prisma knows no database "{value.text}".',
            help=report.did_you_mean(value.text, PROVIDERS) or f"There are {quoted(PROVIDERS)}.",
        )
    return connector


def _relation_mode(
    block: BlockNode,
    settings: dict[str, Setting],
    configuration: Configuration,
    report: Report,
) -> None:
    setting = settings.pop("relationMode", None)
    former = settings.pop("referentialIntegrity", None)
    if setting is not None and former is not None:
        report.error(
            former.span,
            "`referentialIntegrity` is the former name of `relationMode`; both are too many.",
        )
        return
    setting = setting or former
    if setting is None:
        return
    mode = as_string(report, setting.value)
    if mode is None:
        return
    if mode not in ("prisma", "foreignKeys"):
        report.error(
            block.span,
            f'`{setting.key} = "{mode}"` is no relation mode; there are "prisma" and '
            '"foreignKeys".',
        )
        return
    if mode not in configuration.connector.relation_modes:
        report.error(
            setting.value.span,
            f"{configuration.connector.title} has no foreign keys, so the relation mode can "
            'only be "prisma".',
        )
    configuration.relation_mode = mode


def environment_string(value: Value, report: Report) -> bool:
    """Check a string or `env("NAME")`; whether it is one."""
    if value.kind == "string":
        return True
    if value.kind == "call" and value.text == "env":
        if len(value.arguments) != 1:
            report.error(value.span, "`env` takes one string: the variable's name.")
            return False
        return as_string(report, value.arguments[0].value) is not None
    wrong_kind(report, value, 'a string or `env("...")`')
    return False


def _different_shadow(block: BlockNode, report: Report) -> None:
    values = {
        setting.key: (
            setting.value.text
            if setting.value.kind == "string"
            else "".join(argument.value.text for argument in setting.value.arguments),
            setting.value,
        )
        for setting in block.settings
        if setting.key in _ADDRESSES
    }
    shadow = values.get("shadowDatabaseUrl")
    if shadow is None or not shadow[0]:
        return
    for key in ("directUrl", "url"):
        other = values.get(key)
        if other is not None and other[0] == shadow[0] and other[1].kind == shadow[1].kind:
            report.error(
                other[1].span,
                f"`{key}` and `shadowDatabaseUrl` are the same: the shadow database is emptied "
                "at will and must be another one.",
            )


def _schemas(setting: Setting, configuration: Configuration, report: Report) -> None:
    value = setting.value
    items = value.items if value.kind == "array" else (value,)
    names = [as_string(report, item) for item in items]
    if None in names:
        return
    connector = configuration.connector
    if not connector.can("multi-schema"):
        report.error(
            value.span, f"`schemas` means nothing for {connector.title}, which has no schemas."
        )
        return
    if not items:
        report.error(value.span, "`schemas` names no schema; it needs at least one.")
        return
    seen = set()
    for item in items:
        if item.text in seen:
            report.error(item.span, f'`schemas` names "{item.text}" twice.')
        seen.add(item.text)
    configuration.schemas = frozenset(seen)
    configuration.schemas_span = value.span


def _extensions(setting: Setting, configuration: Configuration, report: Report) -> None:
    value = setting.value
    items = value.items if value.kind == "array" else (value,)
    for item in items:
        if item.kind not in ("constant", "call"):
            wrong_kind(report, item, "an extension's name")
            return
    configuration.extensions_span = setting.span
    configuration.extensions = list(items)
    for item in items:
        seen = set()
        for argument in item.arguments:
            if argument.name is None:
                report.error(argument.span, "An argument of an extension has a name.")
            elif argument.name in seen:
                report.error(argument.span, f"The argument `{argument.name}` is given twice.")
            elif argument.name not in ("map", "schema", "version"):
                report.error(
                    argument.span,
                    f"An extension has no argument `{argument.name}`.",
                    help=report.did_you_mean(argument.name, ("map", "schema", "version")),
                )
            else:
                as_string(report, argument.value)
            seen.add(argument.name)


def _generator(block: BlockNode, connector: Connector, report: Report) -> set[str]:
    """Check a generator; the preview features that it switches on, in lower case."""
    settings = {setting.key: setting for setting in block.settings}
    engine = settings.get("engineType")
    if engine is not None and engine.value.kind != "string":
        wrong_kind(report, engine.value, "a string")
    provider = settings.pop("provider", None)
    if provider is None:
        report.error(
            block.span,
            f"The generator `{block.name}` names no `provider`, so nothing can be generated.",
            help='Add for example `provider = "prisma-client-js"`.',
        )
        return set()
    if not environment_string(provider.value, report):
        return set()
    output = settings.pop("output", None)
    if output is not None:
        environment_string(output.value, report)
    targets = settings.pop("binaryTargets", None)
    if targets is not None:
        value = targets.value
        for item in value.items if value.kind == "array" else (value,):
            environment_string(item, report)
    preview = settings.pop("previewFeatures", None)
    features = set() if preview is None else _preview_features(preview, connector, report)
    for setting in settings.values():
        value = setting.value
        for item in value.items if value.kind == "array" else (value,):
            if item.kind == "call" and item.text == "env":
                environment_string(item, report)
    return features


def _preview_features(setting: Setting, connector: Connector, report: Report) -> set[str]:
    value = setting.value
    items = value.items if value.kind == "array" else (value,)
    texts = [as_string(report, item) for item in items]
    features: set[str] = set()
    for text in texts:
        if text is None:
            continue
        folded = text.lower()
        if folded == _POSTGRESQL_ONLY and connector.provider not in ("postgresql", ""):
            report.error(
                value.span,
                f"The preview feature `{text}` is for PostgreSQL; this is {connector.title}.",
                help="Remove it from the list.",
            )
        elif folded in PREVIEW_FEATURES:
            features.add(folded)
        else:
            report.error(
                value.span,
                f'Prisma knows no preview feature "{text}".',
                help=report.did_you_mean(text, PREVIEW_FEATURES),
            )
    return features


def check_extensions(configuration: Configuration, report: Report) -> None:
    """Check the names of PostgreSQL's extensions, and that their preview feature is on."""
    span = configuration.extensions_span
    if span is None:
        return
    if "postgresqlextensions" not in configuration.preview_features:
        report.error(
            span,
            "`extensions` works only with the preview feature `postgresqlExtensions`.",
            help='Add `previewFeatures = ["postgresqlExtensions"]` to the generator.',
        )
        return
    for item in configuration.extensions:
        name = item.text
        if starts_with_digit(name):
            report.error(
                item.span, f"The name of an extension cannot start with a digit: `{name}`."
            )
        elif "-" in name:
            report.error(
                item.span,
                f"The name of an extension cannot hold a `-`: `{name}`.",
                help='Write the real name as `map: "..."`.',
            )
