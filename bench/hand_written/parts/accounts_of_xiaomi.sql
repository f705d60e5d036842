line AS (SELECT security_id, shares_per_unit FROM core.securities WHERE company_id = 'xiaomi' AND is_primary),
accounts_of_xiaomi AS (
    SELECT account_id, owner_id, platform FROM core.accounts
    WHERE owner_id = 'xiaomi'
        OR owner_id IN (SELECT subject_id FROM core.relations WHERE object_id = 'xiaomi' AND relation = 'executive_of' AND valid_to_date IS NULL)
        OR owner_id IN (SELECT product_id FROM core.products WHERE company_id = 'xiaomi')
)
