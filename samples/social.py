"""What a social platform answers: one profile on Weibo, as its own pages ask for it."""

import json

from samples.published import rows_where

_TEN_THOUSAND = 10_000


def weibo_profile(platform_id: str) -> bytes:
    """Give the profile of one account with its exact count and the shortened text beside it."""
    (row,) = rows_where("followers", platform="weibo", platform_id=platform_id)
    count = int(row["followers"])
    user = {
        "id": int(platform_id),
        "idstr": platform_id,
        "screen_name": row["screen_name"],
        "profile_url": f"/u/{platform_id}",
        "verified": True,
        "followers_count": count,
        "followers_count_str": f"{count // (_TEN_THOUSAND // 10) / 10}万",
    }
    return json.dumps({"ok": 1, "data": {"user": user}}, ensure_ascii=False, separators=(",", ":")).encode()
