"""The documents of filings, their text by page, the lists that name them, and what outside houses list beside."""

from warehouse.tables.filings import AUTHORITY
from warehouse.tables.table import Check, Table, amount, day, instant, integer, provenance, text

FILING_EXHIBITS = Table(
    "core.filing_exhibits",
    grain="one document that the index of a filing names",
    columns=(
        text("document_id", "Filing and file name, as sec:0001628280-25-000007/exhibit991.htm"),
        text("filing_id", "Filing that it belongs to", references="core.filings"),
        text("company_id", "Company that filed", references="core.companies"),
        text("document_url", "Where it lies"),
        text("file_name", "Name of the file"),
        integer("sequence", "Place in the filing; empty for data files without one", optional=True),
        text("kind", "What the filer declares it to be: 8-K, EX-99.1, GRAPHIC; R for a rendered statement"),
        text("description", "Description by the filer", optional=True),
        *provenance("Acceptance of the filing; where the list does not say, when the list was fetched"),
    ),
    key=("document_id",),
)

FILING_DOCUMENTS = Table(
    "core.filing_documents",
    grain="one document of a filing whose text was read",
    columns=(
        text("document_id", "Publisher, filing or file, and file name"),
        text(
            "filing_id",
            "Filing that it belongs to; empty where the address does not tell: join on document_url",
            optional=True,
            references="core.filings",
        ),
        text("company_id", "Company; empty where neither address nor text tells", optional=True),
        text("publisher", "sec, hkex or cninfo"),
        text("document_url", "Where it lies"),
        text("file_name", "Name of the file"),
        integer("sequence", "Place in the filing, where the document says it", optional=True),
        text("kind", "What the document says it is: 10-Q, EX-99.1; empty where it does not", optional=True),
        text("title", "Description or title that the document carries", optional=True),
        text("language", "Language of most of the text: en, zh-Hant, zh-Hans", optional=True),
        text("media_type", "application/pdf, text/html or text/plain"),
        integer("page_count", "Pages; of a text without pages, its parts between page breaks", unit="pages"),
        integer("character_count", "Characters of text on all pages", unit="characters"),
        integer("tagged_fact_count", "Facts that it carries tagged, as inline XBRL", optional=True, unit="facts"),
        *AUTHORITY,
        *provenance("When the filing was public where the document says it; else when the document was fetched"),
    ),
    key=("document_id",),
    checks=(Check("has_text", "page_count > 0 AND character_count > 0"),),
    note="Pages stand in core.filing_document_pages. Of the kinds that a filer declares, core.filing_exhibits knows "
    "those that a document does not carry itself.",
)

FILING_DOCUMENT_PAGES = Table(
    "core.filing_document_pages",
    grain="one page of a document, as text",
    columns=(
        text("document_id", "The document", references="core.filing_documents"),
        integer("page_number", "Page, from 1"),
        text("text", "Lines of the page from the top; the cells of a row are parted by tabs"),
        *provenance("As of the document"),
    ),
    key=("document_id", "page_number"),
    checks=(Check("pages_count_from_one", "page_number >= 1"),),
    note="An empty text is a page without any: a picture, or a blank one.",
)

LISTED_CODES = Table(
    "core.listed_codes",
    grain="one code of a company that we follow, in the official list of a regulator or an exchange",
    columns=(
        text("publisher", "sec, hkex or cninfo"),
        text("code", "Stock code or ticker, as the publisher writes it"),
        text("language", "Language of the name, BCP 47"),
        text("company_id", "Company that we follow", references="core.companies"),
        text("publisher_number", "The publisher's own number: CIK, stock id, orgId"),
        text("name", "Name in the list"),
        *provenance("When the list was fetched"),
    ),
    key=("publisher", "code", "language"),
)

FILING_CATEGORIES = Table(
    "core.filing_categories",
    grain="one category under which an exchange files documents",
    columns=(
        text("publisher", "hkex"),
        text("level", "headline, group, item or document_type"),
        text("code", "Code of the category"),
        text("parent_code", "Headline that an item or group stands under; empty text for none"),
        text("language", "Language of the name, BCP 47"),
        text("name", "Name of the category"),
        text("group_code", "Group of an item", optional=True),
        *provenance("When the list was fetched"),
    ),
    key=("publisher", "level", "code", "parent_code", "language"),
)

OUTSIDE_ANNOUNCEMENTS = Table(
    "core.outside_announcements",
    grain="one announcement that a data house lists for a company: a cross-check of core.filings, never a filing",
    columns=(
        text("announcement_id", "The house and its own number"),
        text("company_id", "Company that we follow", references="core.companies"),
        text("code", "Stock code in the list"),
        text("title", "Title in the list"),
        text("category", "Category in the list", optional=True),
        day("notice_date", "Day of the announcement, in the zone of the exchange"),
        instant("listed_at", "When the house listed it", optional=True),
        text("document_url", "The house's copy of the document"),
        *provenance("When the house listed it; end of the day where only the day is known"),
    ),
    key=("announcement_id",),
)

OUTSIDE_FINANCIALS = Table(
    "core.outside_financials",
    grain="one item of a statement as a data house gives it: a cross-check of core.financial_facts, never one",
    columns=(
        text("company_id", "Company that we follow", references="core.companies"),
        text("statement", "income, balance or cash_flow"),
        text("item_code", "The house's code of the item"),
        day("period_start_date", "First day; the amount counts from the start of the fiscal year"),
        day("period_end_date", "Last day"),
        text("item_name", "The house's name of the item"),
        amount("value", "Amount in plain units of the company's reporting currency"),
        *provenance("When it was fetched: the house does not say since when"),
    ),
    key=("company_id", "statement", "item_code", "period_start_date", "period_end_date"),
    note="The currency stands in core.outside_reports: the house's own table of ratios has it wrong for some of them.",
)

OUTSIDE_REPORTS = Table(
    "core.outside_reports",
    grain="one report of a company that a data house lists, with the currency and the span of its figures",
    columns=(
        text("company_id", "Company that we follow", references="core.companies"),
        day("period_start_date", "First day of the figures"),
        day("period_end_date", "Last day of the figures"),
        text("currency", "Currency of the report, ISO 4217"),
        text("accounting_standard", "As the house writes it"),
        text("report_type", "As the house writes it"),
        *provenance("When it was fetched: the house does not say since when"),
    ),
    key=("company_id", "period_start_date", "period_end_date"),
)

TABLES = (
    FILING_EXHIBITS,
    FILING_DOCUMENTS,
    FILING_DOCUMENT_PAGES,
    LISTED_CODES,
    FILING_CATEGORIES,
    OUTSIDE_ANNOUNCEMENTS,
    OUTSIDE_FINANCIALS,
    OUTSIDE_REPORTS,
)
