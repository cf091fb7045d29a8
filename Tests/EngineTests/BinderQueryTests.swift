import Testing

/// What each query means, in the words of `BinderDump`. Today is 2026-06-30.
@Suite struct BinderQueryTests {
  @Test("A query binds to ids, types, codes and days", arguments: Self.meanings)
  func meaning(of text: String, is expected: String) {
    #expect(BinderDump().dump(text) == expected)
  }

  static let meanings: [(String, String)] = [
    (
      #"find customers where stage = intensive_care order by value"#,
      #"""
      customers | where stage = intensive_care | order value | default id, name, stage, value, \#
      owner, joined
      """#
    ),
    (
      #"""
      find CUSTOMERS where Stage = Intensive_Care and stage != "welcoming" show NAME, Owner.Name
      """#,
      #"""
      customers | where and(stage = intensive_care, not(stage = welcoming)) | show name, \#
      owner_name: owner.name
      """#
    ),
    (
      #"""
      find customers where stage = account_management show name, owner.name, value as v, v * 2 top \#
      20 by value then group by owner.name show owner.name, count(), sum(value) as at_stake
      """#,
      #"""
      customers | where stage = account_management | order 20 value desc | then | group \#
      [owner.name] [count, sum value] | show owner_name, count, at_stake: sum_value
      """#
    ),
    (
      #"find customers where owner = 7 or referred_by.owner.region = "north""#,
      #"""
      customers | where or(key(owner) = 7, referred_by.owner.region = "north") | default id, name, \#
      stage, value, owner, joined, referred_by_owner_region: referred_by.owner.region
      """#
    ),
    (
      #"find customers where owner in (7, 8) and stage not in (recruitment, dissociation)"#,
      #"""
      customers | where and(key(owner) in (7, 8), not(stage in (recruitment, dissociation))) | \#
      default id, name, stage, value, owner, joined
      """#
    ),
    (
      #"""
      find customers where value > 12.5 and value < 12.345 and satisfaction > 2.5 and satisfaction \#
      != 3
      """#,
      #"""
      customers | where and(value > 1250¢, number(value) < 12.345, number(satisfaction) > 2.5, \#
      not(satisfaction = 3)) | default id, name, stage, value, owner, joined, satisfaction
      """#
    ),
    (
      #"find customers where value in (1, 2.5, 3.125) and satisfaction between 10 and 20.5"#,
      #"""
      customers | where and(number(value) in (1.0, 2.5, 3.125), number(satisfaction) in 10.0…20.5) \#
      | default id, name, stage, value, owner, joined, satisfaction
      """#
    ),
    (
      #"find customers where 100 < value and welcoming = stage and "x" = name"#,
      #"""
      customers | where and(value > 10000¢, stage = welcoming, name = "x") | default id, name, \#
      stage, value, owner, joined
      """#
    ),
    (
      #"find customers where value = cost + 5 and value * 20% > cost"#,
      #"""
      customers | where and(value = addMoney(cost, 500¢), multiplyMoney(value, 0.2) > cost) | \#
      default id, name, stage, value, owner, joined, cost
      """#
    ),
    (
      #"""
      find customers where value * 1.1 > cost and -value < 5 and value / cost > 2 and satisfaction \#
      / 3 > 1
      """#,
      #"""
      customers | where and(multiplyMoney(value, 1.1) > cost, -(value) < 500¢, ratioOfMoney(value, \#
      cost) > 2.0, divideNumbers(number(satisfaction), 3.0) > 1.0) | default id, name, stage, \#
      value, owner, joined, cost, satisfaction
      """#
    ),
    (
      #"find customers where contactable and not (contactable = no or stage is unknown)"#,
      #"""
      customers | where and(contactable = yes, not(or(contactable = no, not(known(stage))))) | \#
      default id, name, stage, value, owner, joined, contactable
      """#
    ),
    (
      #"""
      find customers where name contains country and email ends with "x" and name has word "ab" \#
      and phone like "0*"
      """#,
      #"""
      customers | where and(name contains country, email ends with "x", name has word "ab", phone \#
      like "0*") | default id, name, stage, value, owner, joined, country, email, phone
      """#
    ),
    (
      #"find customers where name between "A" and "b""#,
      #"customers | where name in "A"…"b" | default id, name, stage, value, owner, joined"#
    ),
    (
      #"""
      find customers where owner > 5 and owner < referred_by.owner and owner = referred_by.owner
      """#,
      #"""
      customers | where and(key(owner) > 5, key(owner) < key(referred_by.owner), owner = \#
      referred_by.owner) | default id, name, stage, value, owner, joined, referred_by_owner: \#
      referred_by.owner
      """#
    ),
    (
      #"find customers where referred_by.profit > 5 and referred_by.stage is known"#,
      #"""
      customers | where and(subtractMoney(referred_by.value, referred_by.cost) > 500¢, \#
      known(referred_by.stage)) | default id, name, stage, value, owner, joined, \#
      referred_by_profit: subtractMoney(referred_by.value, referred_by.cost), referred_by_stage: \#
      referred_by.stage
      """#
    ),
    (
      #"""
      find customers where referred_by.owner = 3 show owner as o, o.name, referred_by.owner.name
      """#,
      #"""
      customers | where key(referred_by.owner) = 3 | show o: owner, o_name: owner.name, \#
      referred_by_owner_name: referred_by.owner.name
      """#
    ),
    (
      #"""
      find stage_changes where from != `to` and from = customer.stage and from < dissociation
      """#,
      #"""
      stage_changes | where and(not(from = to), from = customer.stage, from < dissociation) | \#
      default id, customer, from, to, at, because, customer_stage: customer.stage
      """#
    ),
    (
      #"""
      find interactions where channel = campaign.channel and outcome between met and exceeded
      """#,
      #"""
      interactions | where and(channel = campaign.channel, outcome in met…exceeded) | default id, \#
      customer, contact, employee, campaign, at, channel, campaign_channel: campaign.channel, \#
      outcome
      """#
    ),
    (
      #"""
      find customers where if(contactable, value, 0) > 5 and first_known(stage, welcoming) = \#
      recruitment
      """#,
      #"""
      customers | where and(if(contactable = yes, value, 0¢) > 500¢, first_known(stage, welcoming) \#
      = recruitment) | default id, name, stage, value, owner, joined, contactable
      """#
    ),
    (
      #"""
      find customers show if(value > 5, 1, 2.5), if(contactable, "a", unknown), if(contactable, 5, \#
      value)
      """#,
      #"""
      customers | show if_value_5_1_2_5: if(value > 500¢, 1.0, 2.5), if_contactable_unknown: \#
      if(contactable = yes, "a", unknown), if_contactable_5_value: if(contactable = yes, 500¢, \#
      value)
      """#
    ),
    (
      #"""
      find customers show if(value > 10k, stage, unknown), first_known(left_because, "none"), \#
      bucket(value, 1000), round(value / 3, 1), days_since(joined)
      """#,
      #"""
      customers | show if_value_10k_stage_unknown: if(value > 1000000¢, stage, unknown), \#
      first_known_left_because: first_known(left_because, "none"), bucket_value_1000: \#
      bucket(value, 100000¢), round_value_3_1: divideMoney(round(multiplyMoney(divideMoney(value, \#
      3.0), 10.0)), 10.0), days_since_joined: subtractDates(2026-06-30, joined)
      """#
    ),
    (
      #"find invoices where days_late > 2 weeks and order.is_valid"#,
      #"""
      invoices | where and(if(and(not(known(paid)), due > 2026-06-30), unknown, \#
      if(first_known(paid, 2026-06-30) < due, 0, days_between(due, first_known(paid, \#
      2026-06-30)))) > 14, if(known(order), not(order.status in (returned, cancelled)), unknown) = \#
      yes) | default id, customer, order, issued, due, paid, days_late: if(and(not(known(paid)), \#
      due > 2026-06-30), unknown, if(first_known(paid, 2026-06-30) < due, 0, days_between(due, \#
      first_known(paid, 2026-06-30)))), order_is_valid: if(known(order), not(order.status in \#
      (returned, cancelled)), unknown)
      """#
    ),
    (
      #"""
      find complaints where is_open show days_open, if(severity >= medium, "now", "later") as \#
      urgency
      """#,
      #"""
      complaints | where not(known(resolved)) | show days_open: days_between(opened, \#
      first_known(resolved, 2026-06-30)), urgency: if(severity >= medium, "now", "later")
      """#
    ),
    (
      #"find stage_changes where to = intensive_care group by from show avg(days_before)"#,
      #"""
      stage_changes | where to = intensive_care | group [from] [average ~0] | ~0 = stay(at \#
      per customer) | show from, avg_days_before
      """#
    ),
    (
      #"find customers in 2025"#,
      #"""
      customers | window joined in 2025-01-01…2025-12-31 | default id, name, stage, value, owner, \#
      joined | <2025: 2025-01-01 to 2025-12-31>
      """#
    ),
    (
      #"find customers in last 3 whole months"#,
      #"""
      customers | window joined in 2026-03-01…2026-05-31 | default id, name, stage, value, owner, \#
      joined | <last 3 whole months: 2026-03-01 to 2026-05-31>
      """#
    ),
    (
      #"find customers in next 14 days"#,
      #"""
      customers | window joined in 2026-07-01…2026-07-14 | default id, name, stage, value, owner, \#
      joined | <next 14 days: 2026-07-01 to 2026-07-14>
      """#
    ),
    (
      #"find customers in last 12 months"#,
      #"""
      customers | window joined in 2025-07-01…2026-06-30 | default id, name, stage, value, owner, \#
      joined | <last 12 months: 2025-07-01 to 2026-06-30>
      """#
    ),
    (
      #"find customers in last 2 weeks group by week_of(joined)"#,
      #"""
      customers | window joined in 2026-06-17…2026-06-30 | group [week_of(joined)] [count] | show \#
      week_of_joined, count | <last 2 weeks: 2026-06-17 to 2026-06-30> | <week_of(joined) is cut, \#
      in last 2 whole weeks>
      """#
    ),
    (
      #"find customers since 2025-01-15 group by quarter_of(joined)"#,
      #"""
      customers | window joined >= 2025-01-15 | group [quarter_of(joined)] [count] | show \#
      quarter_of_joined, count | <quarter_of(joined) is cut, since 2025-01-01>
      """#
    ),
    (
      #"find customers between 2025-01-15 and 2025-03-10 group by month_of(joined)"#,
      #"""
      customers | window joined in 2025-01-15…2025-03-10 | group [month_of(joined)] [count] | show \#
      month_of_joined, count | <month_of(joined) is cut, between 2025-01-01 and 2025-03-31>
      """#
    ),
    (
      #"find orders in last 90 days group by month_of(date)"#,
      #"""
      orders | window date in 2026-04-02…2026-06-30 | group [month_of(date)] [count] | show \#
      month_of_date, count | <last 90 days: 2026-04-02 to 2026-06-30> | <month_of(date) is cut, in \#
      last 3 whole months>
      """#
    ),
    (
      #"find orders in last 12 months group by month_of(date)"#,
      #"""
      orders | window date in 2025-07-01…2026-06-30 | group [month_of(date)] [count] | show \#
      month_of_date, count | <last 12 months: 2025-07-01 to 2026-06-30>
      """#
    ),
    (
      #"find interactions in last 10 days group by week_of(at)"#,
      #"""
      interactions | window day(at) in 2026-06-21…2026-06-30 | group [week_of(day(at))] [count] | \#
      show week_of_at, count | <last 10 days: 2026-06-21 to 2026-06-30> | <week_of(at) is cut, in \#
      last week>
      """#
    ),
    (
      #"find customers where joined in last 30 days and stage_since since 90 days ago"#,
      #"""
      customers | where and(joined in 2026-06-01…2026-06-30, stage_since >= 2026-04-01) | default \#
      id, name, stage, value, owner, joined, stage_since | <last 30 days: 2026-06-01 to \#
      2026-06-30> | <since 90 days ago: 2026-04-01 to …>
      """#
    ),
    (
      #"find customers where joined on today and joined on 2025 and joined until last month"#,
      #"""
      customers | where and(joined = 2026-06-30, joined in 2025-01-01…2025-12-31, joined <= \#
      2026-05-31) | default id, name, stage, value, owner, joined | <on today: 2026-06-30 to \#
      2026-06-30> | <on 2025: 2025-01-01 to 2025-12-31> | <until last month: … to 2026-05-31>
      """#
    ),
    (
      #"""
      find customers where joined before stage_since and stage_since between Q1 2025 and \#
      2025-12-31
      """#,
      #"""
      customers | where and(joined < stage_since, stage_since in 2025-01-01…2025-12-31) | default \#
      id, name, stage, value, owner, joined, stage_since | <between Q1 2025 and 2025-12-31: \#
      2025-01-01 to 2025-12-31>
      """#
    ),
    (
      #"find customers where joined between start of month and end of next quarter"#,
      #"""
      customers | where joined in 2026-06-01…2026-09-30 | default id, name, stage, value, owner, \#
      joined | <between start of month and end of next quarter: 2026-06-01 to 2026-09-30>
      """#
    ),
    (
      #"find customers where joined + 1 month + 5 days < today - 2 weeks"#,
      #"""
      customers | where shift(shift(joined, 1m 0d), 0m 5d) < 2026-06-16 | default id, name, stage, \#
      value, owner, joined | <today: 2026-06-30 to 2026-06-30>
      """#
    ),
    (
      #"""
      find customers where stage_since - joined = 14 days and stage_since - joined > 2 weeks
      """#,
      #"""
      customers | where and(subtractDates(stage_since, joined) = 14, subtractDates(stage_since, \#
      joined) > 14) | default id, name, stage, value, owner, joined, stage_since
      """#
    ),
    (
      #"""
      find interactions on yesterday where at before 2026-01-01 and at > 2026-01-31T14:30 show at, \#
      month_of(at)
      """#,
      #"""
      interactions | window day(at) = 2026-06-29 | where and(day(at) <= 2025-12-31, at > \#
      2026-01-31+52200s) | show at, month_of_at: month_of(day(at)) | <on yesterday: 2026-06-29 to \#
      2026-06-29>
      """#
    ),
    (
      #"""
      find interactions where at between 2026-01-01T10:00 and 2026-01-02 and at = 2026-01-01
      """#,
      #"""
      interactions | where and(and(at >= 2026-01-01+36000s, day(at) <= 2026-01-02), day(at) = \#
      2026-01-01) | default id, customer, contact, employee, campaign, at
      """#
    ),
    (
      #"""
      find customers where in top 20% by value per owner show name, rank(value), share(value), \#
      running_share(value), running_sum(value) order by value desc
      """#,
      #"""
      customers | ~0 | where ~0 = yes | ~1 | ~2 | ~3 | order value desc | ~4 | ~0 = inTop(isTop: \#
      true, numerator: 1, denominator: 5)(value per owner) | ~1 = rank(value) | ~2 = share(value) \#
      | ~3 = runningShare(value) | ~4 = runningSum(value) | show name, rank_value: ~1, \#
      share_value: ~2 %, running_share_value: ~3 %, running_sum_value: ~4
      """#
    ),
    (
      #"""
      find customers where rank(value per owner) = 1 show name, rank(value) as r then where r < 10 \#
      show name, r
      """#,
      #"""
      customers | ~0 | where ~0 = 1 | ~1 | then | where ~1 < 10 | ~0 = rank(value per owner) | ~1 \#
      = rank(value) | show name, r: ~1
      """#
    ),
    (
      #"find customers group by quintile(value) show count(), share(sum(value))"#,
      #"""
      customers | ~0 | then | group [~0] [count, sum value] | ~1 | ~0 = ntile(5)(value) | ~1 = \#
      share(sum_value) | show quintile_value, count, share_sum_value: ~1 %
      """#
    ),
    (
      #"find customers show percentile_rank(value) as p, decile(value per owner)"#,
      #"""
      customers | ~0 | ~1 | ~0 = percentileRank(value) | ~1 = ntile(10)(value per owner) | show p: \#
      ~0 %, decile_value_per_owner: ~1
      """#
    ),
    (
      #"""
      find customers show count(), sum(value) / count() as mean, sum(value where stage = \#
      dissociation)
      """#,
      #"""
      customers | group [] [count, sum value, sum value where stage = dissociation] | show count, \#
      mean: divideMoney(sum_value, number(count)), sum_value: sum_value_2
      """#
    ),
    (
      #"""
      find customers group by stage then where count > 5 show stage, count order by count desc
      """#,
      #"""
      customers | group [stage] [count] | then | where count > 5 | order count desc | show stage, \#
      count
      """#
    ),
    (
      #"""
      find customers group by stage as s show s, count() as n order by n desc then where n > 2 and \#
      s = welcoming
      """#,
      #"""
      customers | group [stage] [count] | order count desc | then | where and(count > 2, s = \#
      welcoming) | show s, n: count
      """#
    ),
    (
      #"""
      find customers group by stage show stage as s, count() then group by s show sum(count)
      """#,
      #"""
      customers | group [stage] [count] | then | group [stage] [sum count] | show s, sum_count
      """#
    ),
    (
      #"find customers group by stage show stage as stage, count(), count() as count"#,
      #"customers | group [stage] [count] | show stage, count_2: count, count"#
    ),
    (
      #"""
      find customers group by days_since(joined) show avg(days_since(joined)), days_since(joined) \#
      + 1
      """#,
      #"""
      customers | group [subtractDates(2026-06-30, joined)] [average subtractDates(2026-06-30, \#
      joined)] | show days_since_joined, avg_days_since_joined, days_since_joined_1: \#
      addIntegers(days_since_joined, 1)
      """#
    ),
    (
      #"""
      find orders group by customer, year(date) as y show last(amount), count(distinct product), \#
      mode(channel), percentile(amount, 90%) order by sum(amount) desc limit 5
      """#,
      #"""
      orders | group [customer, year(date)] [last amount by date, count distinct product, mode \#
      channel, percentile(0.9) amount, sum amount] | order sum_amount desc | limit 5 0 | show \#
      customer, y, last_amount, count_distinct_product, mode_channel, percentile_amount_90
      """#
    ),
    (
      #"""
      find orders show sum(amount in last 30 days where status = paid) as recent, count(where \#
      status = returned), median(quantity), min(date)
      """#,
      #"""
      orders | group [] [sum amount where and(date in 2026-06-01…2026-06-30, status = paid), count \#
      where status = returned, median quantity, minimum date] | show recent: sum_amount, count, \#
      median_quantity, min_date | <last 30 days: 2026-06-01 to 2026-06-30>
      """#
    ),
    (
      #"find contacts group by customer show first(name)"#,
      #"contacts | group [customer] [first name] | show customer, first_name"#
    ),
    (
      #"find customers order by owner, kind, contactable, value / 2 desc"#,
      #"""
      customers | order key(owner), kind, contactable, divideMoney(value, 2.0) desc | default id, \#
      name, stage, value, owner, joined, kind, contactable
      """#
    ),
    (
      #"find customers top 3 by value per owner, stage"#,
      #"""
      customers | order 3 value desc per key(owner), stage | default id, name, stage, value, \#
      owner, joined
      """#
    ),
    (
      #"find customers bottom 2 by owner"#,
      #"customers | order 2 key(owner) | default id, name, stage, value, owner, joined"#
    ),
    (
      #"find customers show value / 2 as value, value * 3 as v order by value"#,
      #"""
      customers | order divideMoney(value, 2.0) | show value: divideMoney(value, 2.0), v: \#
      multiplyMoney(divideMoney(value, 2.0), 3.0)
      """#
    ),
    (
      #"find customers sample 5% seed 7 limit 3 offset 1"#,
      #"""
      customers | sample share(0.05) 7 | limit 3 1 | default id, name, stage, value, owner, joined
      """#
    ),
    (
      #"""
      find (customers in 2025 where value > 5 top 10 by value) where stage = welcoming sample 5 \#
      limit 3
      """#,
      #"""
      customers | window joined in 2025-01-01…2025-12-31 | where value > 500¢ | order 10 value \#
      desc | then | where stage = welcoming | sample rows(5) 42 | limit 3 0 | default id, name, \#
      stage, value, owner, joined | <2025: 2025-01-01 to 2025-12-31> | <seed 42>
      """#
    ),
    (
      #"find (customers where value > 5) in 2025 where stage = welcoming"#,
      #"""
      customers | where value > 500¢ | then | where joined in 2025-01-01…2025-12-31 | then | where \#
      stage = welcoming | default id, name, stage, value, owner, joined | <2025: 2025-01-01 to \#
      2025-12-31>
      """#
    ),
    (
      #"find (customers group by stage) where count > 5"#,
      #"customers | group [stage] [count] | then | where count > 5 | show stage, count"#
    ),
    (
      #"count customers where contactable by stage, owner"#,
      #"""
      customers | where contactable = yes | group [stage, owner] [count] | show stage, owner, \#
      count
      """#
    ),
    (
      #"count customers where not contactable"#,
      #"customers | where not(contactable = yes) | group [] [count] | show count"#
    ),
    (
      #"""
      count orders in 2025 by month_of(date), channel then where count > 10 order by count desc
      """#,
      #"""
      orders | window date in 2025-01-01…2025-12-31 | group [month_of(date), channel] [count] | \#
      then | where count > 10 | order count desc | show month_of_date, channel, count | <2025: \#
      2025-01-01 to 2025-12-31>
      """#
    ),
    (
      #"""
      calc count(customers where stage = dissociation), sum(orders.revenue in 2025 where status = \#
      paid) as r, r * 2, median(complaints.days_to_resolve), count(distinct orders.customer in \#
      last 365 days), sum(orders.amount - orders.cost)
      """#,
      #"""
      #0 = {customers | where stage = dissociation | group [] [count] | show count_customers} | #1 \#
      = {orders | window date in 2025-01-01…2025-12-31 | where status = paid | group [] [sum \#
      if(not(status in (returned, cancelled)), amount, 0¢)] | show sum_orders_revenue | <2025: \#
      2025-01-01 to 2025-12-31>} | #2 = {complaints | group [] [median days_between(opened, \#
      resolved)] | show median_complaints_days_to_resolve} | #3 = {orders | window date in \#
      2025-07-01…2026-06-30 | group [] [count distinct customer] | show \#
      count_distinct_orders_customer | <last 365 days: 2025-07-01 to 2026-06-30>} | #4 = {orders | \#
      group [] [sum subtractMoney(amount, cost)] | show sum_orders_amount_orders_cost} | show \#
      count_customers: #0, r: #1, r_2: multiplyMoney(#1, 2.0), median_complaints_days_to_resolve: \#
      #2, count_distinct_orders_customer: #3, sum_orders_amount_orders_cost: #4 | <2025: \#
      2025-01-01 to 2025-12-31> | <last 365 days: 2025-07-01 to 2026-06-30>
      """#
    ),
    (
      #"""
      calc today + 90 days, count(orders in last 30 days) / count(customers), \#
      max(orders.customer.value where customer.stage = welcoming)
      """#,
      #"""
      #0 = {orders | window date in 2026-06-01…2026-06-30 | group [] [count] | show count_orders | \#
      <last 30 days: 2026-06-01 to 2026-06-30>} | #1 = {customers | group [] [count] | show \#
      count_customers} | #2 = {orders | where customer.stage = welcoming | group [] [maximum \#
      customer.value] | show max_orders_customer_value} | show today_90_days: 2026-09-28, \#
      count_orders_count_customers: divideNumbers(number(#0), number(#1)), \#
      max_orders_customer_value: #2 | <today: 2026-06-30 to 2026-06-30> | <last 30 days: \#
      2026-06-01 to 2026-06-30>
      """#
    ),
    (
      #"calc sum(orders.amount where rank(amount) <= 10), avg(orders.quantity), 1 + 2.5"#,
      #"""
      #0 = {orders | ~0 | where ~0 <= 10 | group [] [sum amount] | ~0 = rank(amount) | show \#
      sum_orders_amount} | #1 = {orders | group [] [average quantity] | show avg_orders_quantity} \#
      | show sum_orders_amount: #0, avg_orders_quantity: #1, 1_2_5: addNumbers(1.0, 2.5)
      """#
    ),
  ]
}
