"""Whom we follow, and under which code each source knows them. All of it comes from the watch list."""

from warehouse.tables.table import Table, day, flag, integer, provenance, text, texts

_KEPT = "When the list that says so was kept"

COMPANIES = Table(
    "core.companies",
    grain="one company that we follow or compare with",
    columns=(
        text("company_id", "Our id of the company"),
        text("name", "Name in English"),
        text("name_zh", "Name in Chinese", optional=True),
        texts("aliases", "Other names in any script, as texts write them", optional=True),
        text("country", "Country of its head office, ISO 3166", optional=True),
        text("reporting_currency", "Currency of its statements, ISO 4217"),
        text("fiscal_year_end", "Last day of its fiscal year, MM-DD"),
        integer("sec_cik", "Its number at the SEC", optional=True),
        integer("hkex_stock_id", "Its number in the Hong Kong exchange's title search", optional=True),
        day("followed_since_date", "Since when we follow it", optional=True),
        flag("is_main", "The company that the others are compared with"),
        text("deliveries_every", "How often it tells its deliveries: month or quarter", optional=True),
        *provenance(_KEPT),
    ),
    key=("company_id",),
)

PEOPLE = Table(
    "core.people",
    grain="one person whose words and followers matter",
    columns=(
        text("person_id", "Our id of the person"),
        text("name", "Name in Latin script, given order of the press"),
        text("name_zh", "Name in Chinese", optional=True),
        texts("aliases", "Other spellings", optional=True),
        *provenance(_KEPT),
    ),
    key=("person_id",),
)

PRODUCTS = Table(
    "core.products",
    grain="one product or brand of a company",
    columns=(
        text("product_id", "Our id of the product"),
        text("company_id", "Company that makes it", references="core.companies"),
        text("name", "Name in English"),
        text("name_zh", "Name in Chinese", optional=True),
        texts("aliases", "Other names", optional=True),
        text("kind", "What it is: car, phone, brand", optional=True),
        day("launched_date", "First day of sale", optional=True),
        *provenance(_KEPT),
    ),
    key=("product_id",),
)

SECURITIES = Table(
    "core.securities",
    grain="one line on one exchange, over one span in which its terms held; an index is a line too",
    columns=(
        text("security_id", "Exchange and the exchange's own code, as XHKG:01810"),
        day("valid_from_date", "First day on which these terms hold; 1900-01-01 when always"),
        day("valid_to_date", "First day on which they no longer hold", optional=True),
        text(
            "company_id",
            "Company whose shares these are; empty for an index, and for a member of one that is not followed itself",
            optional=True,
            references="core.companies",
        ),
        text("name", "Name of the line", optional=True),
        text("kind", "share, ads or index"),
        text("share_class", "Class that trades, such as B, H or A", optional=True),
        text("exchange", "Market identifier code, ISO 10383"),
        text("exchange_code", "The exchange's own code"),
        text("currency", "Currency that the line trades in, ISO 4217"),
        flag("is_primary", "The line whose close stands for the company"),
        integer("shares_per_unit", "Ordinary shares in one traded unit: the ADS ratio, 1 for shares", unit="shares"),
        text("yahoo_code", "Code at Yahoo", optional=True),
        text("tencent_code", "Code in Tencent's realtime call", optional=True),
        text("tencent_daily_code", "Code of Tencent's daily bars", optional=True),
        text("sina_code", "Code at Sina", optional=True),
        text("eastmoney_code", "Code at Eastmoney", optional=True),
        text("nasdaq_code", "Code at Nasdaq's site", optional=True),
        text("alpha_vantage_code", "Code at Alpha Vantage", optional=True),
        text("stooq_code", "Code at Stooq", optional=True),
        *provenance(_KEPT),
    ),
    key=("security_id", "valid_from_date"),
)

ACCOUNTS = Table(
    "core.accounts",
    grain="one social account of a company, person or product",
    columns=(
        text("account_id", "Platform and its stable id"),
        text(
            "platform",
            "bilibili, bluesky, douyin, facebook, github, instagram, kuaishou, linkedin, mastodon, reddit, telegram, "
            "threads, tiktok, weibo, x, xiaohongshu, youtube or zhihu",
        ),
        text("owner_kind", "company, person or product"),
        text("owner_id", "Our id of the owner"),
        text("handle", "Name in the address"),
        text("platform_account_id", "The platform's own stable id", optional=True),
        *provenance(_KEPT),
    ),
    key=("account_id",),
)

RELATIONS = Table(
    "core.relations",
    grain="one relation between two that we follow, over the span in which it held",
    columns=(
        text("subject_id", "Who or what"),
        text("relation", "executive_of, product_of, competes_with or invested_in"),
        text("object_id", "To whom or what"),
        day("valid_from_date", "First day on which it holds; 1900-01-01 when always"),
        day("valid_to_date", "First day on which it no longer holds", optional=True),
        text("role", "Role, for an executive", optional=True),
        *provenance(_KEPT),
    ),
    key=("subject_id", "relation", "object_id", "valid_from_date"),
)

TABLES = (COMPANIES, PEOPLE, PRODUCTS, SECURITIES, ACCOUNTS, RELATIONS)
