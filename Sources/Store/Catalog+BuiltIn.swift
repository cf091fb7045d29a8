extension Catalog {
  /// The entities every store begins with. Nothing else in rapport knows them by name but the
  /// defaults of the analytic verbs.
  package static var builtIn: Catalog { Catalog(BuiltIn.entities) }
}

/// The positions of the built-in entities, which references name before the catalog exists.
private enum BuiltIn {
  static let customers = EntityID(0)
  static let contacts = EntityID(1)
  static let employees = EntityID(2)
  static let products = EntityID(3)
  static let campaigns = EntityID(4)
  static let orders = EntityID(5)

  static let stages = ChoiceList(
    [
      "recruitment", "welcoming", "getting_to_know", "account_management", "intensive_care",
      "dissociation",
    ], isOrdered: true)
  /// Forward one by one, into care and out of it recovered, any to dissociation, and won back.
  static let usualStageMoves: [UInt8: Set<UInt8>] = [
    0: [1, 5], 1: [2, 5], 2: [3, 5], 3: [4, 5], 4: [3, 5], 5: [0, 3],
  ]
  static let channels = ChoiceList([
    "mail", "phone", "email", "web", "visit", "social", "shop",
  ])

  static var entities: [Entity] {
    [
      customerEntity, contactEntity, employeeEntity, productEntity, campaignEntity, orderEntity,
      invoiceEntity, balanceEntity, interactionEntity, complaintEntity, surveyEntity,
      stageChangeEntity, settingEntity, groupEntity, rungEntity,
    ]
  }

  static var customerEntity: Entity {
    make(
      "customers", "customer",
      [
        Field("id", .integer), Field("name", .text),
        Field("kind", .choice(ChoiceList(["person", "organisation"]))), Field("email", .text),
        Field("phone", .text), Field("country", .text), Field("region", .text),
        Field("city", .text), Field("industry", .text), Field("source", .text),
        Field("campaign", .reference(campaigns), inverse: "customers"),
        Field("referred_by", .reference(customers), inverse: "referrals"),
        Field("owner", .reference(employees), inverse: "customers"),
        Field(
          "stage", .choice(stages), trackedBy: "stage_changes", usualMoves: usualStageMoves),
        Field("stage_since", .date, isEvent: true), Field("joined", .date),
        Field("value", .money), Field("cost", .money), Field("potential", .money),
        Field("balance", .money), Field("satisfaction", .integer, bounds: 0...100),
        Field(
          "values_most",
          .choice(ChoiceList(["quality", "price", "product", "location", "service"]))),
        Field("contactable", .flag), Field("left_because", .text),
        Field("profit", .money, expression: "value - cost"),
        Field("rung", .choice(HouseRules.standard.rungNames), expression: "rung()"),
      ],
      time: "joined", label: "name",
      shown: ["id", "name", "stage", "value", "owner", "joined"])
  }

  static var contactEntity: Entity {
    make(
      "contacts", "contact",
      [
        Field("id", .integer), Field("customer", .reference(customers), inverse: "contacts"),
        Field("name", .text), Field("role", .text), Field("email", .text),
        Field("phone", .text), Field("main", .flag),
      ],
      label: "name", role: .contacts)
  }

  static var employeeEntity: Entity {
    make(
      "employees", "employee",
      [
        Field("id", .integer), Field("name", .text), Field("job_family", .text),
        Field("region", .text), Field("skills", .text),
        Field("manager", .reference(employees), inverse: "reports"), Field("since", .date),
      ],
      time: "since", label: "name")
  }

  static var productEntity: Entity {
    make(
      "products", "product",
      [
        Field("id", .integer), Field("name", .text), Field("category", .text),
        Field("price", .money), Field("unit_cost", .money),
      ],
      label: "name")
  }

  static var campaignEntity: Entity {
    make(
      "campaigns", "campaign",
      [
        Field("id", .integer), Field("name", .text), Field("channel", .choice(channels)),
        Field("starts", .date), Field("ends", .date), Field("cost", .money),
      ],
      time: "starts", label: "name")
  }

  static var orderEntity: Entity {
    make(
      "orders", "order",
      [
        Field("id", .integer), Field("customer", .reference(customers), inverse: "orders"),
        Field("product", .reference(products), inverse: "orders"), Field("date", .date),
        Field("quantity", .integer), Field("amount", .money), Field("cost", .money),
        Field("channel", .choice(channels)),
        Field("status", .choice(ChoiceList(["placed", "paid", "returned", "cancelled"]))),
        Field("is_valid", .flag, expression: "status not in (returned, cancelled)"),
        Field("revenue", .money, expression: "if(is_valid, amount, 0)"),
        Field("profit", .money, expression: "if(is_valid, amount - cost, 0)"),
      ],
      time: "date", role: .purchases, validWhen: "is_valid")
  }

  static var invoiceEntity: Entity {
    make(
      "invoices", "invoice",
      [
        Field("id", .integer), Field("customer", .reference(customers), inverse: "invoices"),
        Field("order", .reference(orders), inverse: "invoices"), Field("issued", .date),
        Field("due", .date), Field("paid", .date, isEvent: true), Field("amount", .money),
        Field(
          "days_late", .integer,
          expression: """
            if(paid is unknown and today < due, unknown, \
            if(first_known(paid, today) < due, 0, days_between(due, first_known(paid, today))))
            """),
      ],
      time: "issued", role: .invoices)
  }

  static var balanceEntity: Entity {
    make(
      "balances", "balance",
      [
        Field("id", .integer), Field("customer", .reference(customers), inverse: "balances"),
        Field("date", .date), Field("amount", .money),
      ],
      time: "date", role: .balances)
  }

  static var interactionEntity: Entity {
    make(
      "interactions", "interaction",
      [
        Field("id", .integer), Field("customer", .reference(customers), inverse: "interactions"),
        Field("contact", .reference(contacts), inverse: "interactions"),
        Field("employee", .reference(employees), inverse: "interactions"),
        Field("campaign", .reference(campaigns), inverse: "interactions"), Field("at", .time),
        Field("channel", .choice(channels)),
        Field("direction", .choice(ChoiceList(["incoming", "outgoing"]))),
        Field(
          "purpose",
          .choice(
            ChoiceList([
              "campaign", "sale", "welcome", "service", "complaint", "follow_up", "survey",
            ]))),
        Field(
          "outcome",
          .choice(ChoiceList(["disappointed", "met", "exceeded"], isOrdered: true))),
        Field("note", .text),
      ],
      time: "at", role: .interactions)
  }

  static var complaintEntity: Entity {
    make(
      "complaints", "complaint",
      [
        Field("id", .integer), Field("customer", .reference(customers), inverse: "complaints"),
        Field("opened", .date), Field("resolved", .date, isEvent: true),
        Field("severity", .choice(ChoiceList(["low", "medium", "high"], isOrdered: true))),
        Field("cause", .text), Field("resolution", .text),
        Field("is_open", .flag, expression: "resolved is unknown"),
        Field("days_to_resolve", .integer, expression: "days_between(opened, resolved)"),
        Field(
          "days_open", .integer,
          expression: "days_between(opened, first_known(resolved, today))"),
      ],
      time: "opened", role: .complaints)
  }

  static var surveyEntity: Entity {
    make(
      "surveys", "survey",
      [
        Field("id", .integer), Field("customer", .reference(customers), inverse: "surveys"),
        Field("date", .date),
        Field(
          "dimension",
          .choice(
            ChoiceList([
              "reliability", "responsiveness", "assurance", "empathy", "tangibles",
            ]))),
        Field("expectation", .integer, bounds: 1...7),
        Field("perception", .integer, bounds: 1...7),
        Field("recommend", .integer, bounds: 0...10),
      ],
      time: "date", role: .surveys)
  }

  static var stageChangeEntity: Entity {
    make(
      "stage_changes", "stage_change",
      [
        Field("id", .integer), Field("customer", .reference(customers), inverse: "stage_changes"),
        Field("from", .choice(stages)), Field("to", .choice(stages)), Field("at", .date),
        Field("because", .text),
        Field("days_before", .integer, expression: "stay()"),
      ],
      time: "at", role: .stageHistory)
  }

  static var settingEntity: Entity {
    make(
      "settings", "setting",
      [
        Field("name", .text), Field("value", .number), Field("unit", .text),
        Field("meaning", .text),
      ],
      role: .settings)
  }

  static var groupEntity: Entity {
    make(
      "rfm_groups", "rfm_group",
      [Field("position", .integer), Field("name", .text), Field("condition", .text)],
      label: "name", role: .rfmGroups)
  }

  static var rungEntity: Entity {
    make(
      "ladder_rungs", "ladder_rung",
      [Field("position", .integer), Field("name", .text), Field("condition", .text)],
      label: "name", role: .ladderRungs)
  }

  /// An entity whose time field, label and shown columns are given by name.
  private static func make(
    _ name: String, _ singular: String, _ fields: [Field], time: String? = nil,
    label: String? = nil, shown: [String]? = nil, role: EntityRole? = nil,
    validWhen: String? = nil
  ) -> Entity {
    func id(_ name: String) -> FieldID? {
      fields.firstIndex { $0.name == name }.map(FieldID.init)
    }
    return Entity(
      name: name, singular: singular, fields: fields, timeField: time.flatMap(id),
      labelField: label.flatMap(id), defaultFields: shown?.compactMap(id), role: role,
      validWhen: validWhen, isBuiltIn: true)
  }
}
