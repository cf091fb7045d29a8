import Store

extension Assembly {
  /// The orders, by day; remembers where each went.
  mutating func writeOrders(
    _ receive: (SampleChunk) throws(StoreError) -> Void
  ) throws(StoreError) {
    let order = Ordering.byDay(chronicle.orders)
    orderPlaces = Ordering.places(order)
    try Self.chunks(of: order.count) { positions throws(StoreError) in
      let count = positions.count
      var customer = Words(count)
      var product = Words(count)
      var date = Words(count)
      var quantity = Words(count)
      var amount = Words(count)
      var cost = Words(count)
      var channel = Words(count)
      var status = Words(count)
      for position in positions {
        let row = chronicle.orders[Int(order[position])]
        customer.append(Int(row.customer))
        product.append(Int(row.product))
        date.append(Int(row.day))
        quantity.append(Int(row.quantity))
        amount.append(chronicle.amount(row))
        cost.append(chronicle.cost(row))
        channel.append(Int(row.channel))
        status.append(Int(row.status))
      }
      try receive(
        SampleChunk(
          entity: "orders",
          fields: [
            ("id", Self.ids(positions)), ("customer", customer.vector),
            ("product", product.vector), ("date", date.vector), ("quantity", quantity.vector),
            ("amount", amount.vector), ("cost", cost.vector), ("channel", channel.vector),
            ("status", status.vector),
          ], count: count))
    }
  }

  /// The invoices, by the day of issue.
  func writeInvoices(_ receive: (SampleChunk) throws(StoreError) -> Void) throws(StoreError) {
    let order = Ordering.byDay(chronicle.invoices)
    try Self.chunks(of: order.count) { positions throws(StoreError) in
      let count = positions.count
      var customer = Words(count)
      var orders = Words(count)
      var issued = Words(count)
      var due = Words(count)
      var paid = Words(count)
      var amount = Words(count)
      for position in positions {
        let row = chronicle.invoices[Int(order[position])]
        let source = chronicle.orders[Int(row.order)]
        customer.append(Int(source.customer))
        orders.append(Int(orderPlaces[Int(row.order)]))
        issued.append(Int(row.day))
        due.append(Int(row.due))
        paid.append(Int(row.paid), isKnown: row.paid != unknownDay)
        amount.append(chronicle.amount(source))
      }
      try receive(
        SampleChunk(
          entity: "invoices",
          fields: [
            ("id", Self.ids(positions)), ("customer", customer.vector), ("order", orders.vector),
            ("issued", issued.vector), ("due", due.vector), ("paid", paid.vector),
            ("amount", amount.vector),
          ], count: count))
    }
  }

  /// The balances, by day.
  func writeBalances(_ receive: (SampleChunk) throws(StoreError) -> Void) throws(StoreError) {
    let order = Ordering.byDay(chronicle.balances)
    try Self.chunks(of: order.count) { positions throws(StoreError) in
      var customer = Words(positions.count)
      var date = Words(positions.count)
      var amount = Words(positions.count)
      for position in positions {
        let row = chronicle.balances[Int(order[position])]
        customer.append(Int(row.customer))
        date.append(Int(row.day))
        amount.append(row.amount)
      }
      try receive(
        SampleChunk(
          entity: "balances",
          fields: [
            ("id", Self.ids(positions)), ("customer", customer.vector), ("date", date.vector),
            ("amount", amount.vector),
          ], count: positions.count))
    }
  }

  /// The interactions, by day and minute.
  func writeInteractions(_ receive: (SampleChunk) throws(StoreError) -> Void) throws(StoreError) {
    let rows = chronicle.interactions.rows
    let order = Ordering.byTime(rows)
    try Self.chunks(of: order.count) { positions throws(StoreError) in
      let count = positions.count
      var customer = Words(count)
      var contact = Words(count)
      var employee = Words(count)
      var campaign = Words(count)
      var at = Words(count)
      var channel = Words(count)
      var direction = Words(count)
      var purpose = Words(count)
      var outcome = Words(count)
      var note = Texts(count)
      for position in positions {
        let row = rows[Int(order[position])]
        customer.append(Int(row.customer))
        contact.append(row: row.contact)
        employee.append(row: row.employee)
        campaign.append(Int(row.campaign), isKnown: row.campaign >= 0)
        at.append(Int(row.day) * 86_400 + Int(row.minute) * 60)
        channel.append(Int(row.channel))
        direction.append(Int(row.direction))
        purpose.append(Int(row.purpose))
        outcome.append(code: row.outcome)
        note.append(Sentences.notes, code: row.note)
      }
      try receive(
        SampleChunk(
          entity: "interactions",
          fields: [
            ("id", Self.ids(positions)), ("customer", customer.vector),
            ("contact", contact.vector), ("employee", employee.vector),
            ("campaign", campaign.vector), ("at", at.vector), ("channel", channel.vector),
            ("direction", direction.vector), ("purpose", purpose.vector),
            ("outcome", outcome.vector), ("note", note.vector),
          ], count: count))
    }
  }

  /// The complaints, by the day they were opened.
  func writeComplaints(_ receive: (SampleChunk) throws(StoreError) -> Void) throws(StoreError) {
    let order = Ordering.byDay(chronicle.complaints)
    try Self.chunks(of: order.count) { positions throws(StoreError) in
      let count = positions.count
      var customer = Words(count)
      var opened = Words(count)
      var resolved = Words(count)
      var severity = Words(count)
      var cause = Texts(count)
      var resolution = Texts(count)
      for position in positions {
        let row = chronicle.complaints[Int(order[position])]
        customer.append(Int(row.customer))
        opened.append(Int(row.day))
        resolved.append(Int(row.resolved), isKnown: row.resolved != unknownDay)
        severity.append(code: row.severity)
        cause.append(Sentences.causes, code: row.cause)
        resolution.append(Sentences.resolutions, code: row.resolution)
      }
      try receive(
        SampleChunk(
          entity: "complaints",
          fields: [
            ("id", Self.ids(positions)), ("customer", customer.vector),
            ("opened", opened.vector), ("resolved", resolved.vector),
            ("severity", severity.vector), ("cause", cause.vector),
            ("resolution", resolution.vector),
          ], count: count))
    }
  }

  /// The survey answers, by day.
  func writeSurveys(_ receive: (SampleChunk) throws(StoreError) -> Void) throws(StoreError) {
    let order = Ordering.byDay(chronicle.surveys)
    try Self.chunks(of: order.count) { positions throws(StoreError) in
      let count = positions.count
      var customer = Words(count)
      var date = Words(count)
      var dimension = Words(count)
      var expectation = Words(count)
      var perception = Words(count)
      var recommend = Words(count)
      for position in positions {
        let row = chronicle.surveys[Int(order[position])]
        customer.append(Int(row.customer))
        date.append(Int(row.day))
        dimension.append(Int(row.dimension))
        expectation.append(Int(row.expectation))
        perception.append(Int(row.perception))
        recommend.append(code: row.recommend)
      }
      try receive(
        SampleChunk(
          entity: "surveys",
          fields: [
            ("id", Self.ids(positions)), ("customer", customer.vector), ("date", date.vector),
            ("dimension", dimension.vector), ("expectation", expectation.vector),
            ("perception", perception.vector), ("recommend", recommend.vector),
          ], count: count))
    }
  }

  /// The stage changes, by day.
  func writeStageChanges(_ receive: (SampleChunk) throws(StoreError) -> Void) throws(StoreError) {
    let order = Ordering.byDay(chronicle.stageChanges)
    try Self.chunks(of: order.count) { positions throws(StoreError) in
      let count = positions.count
      var customer = Words(count)
      var from = Words(count)
      var to = Words(count)
      var at = Words(count)
      var because = Texts(count)
      for position in positions {
        let row = chronicle.stageChanges[Int(order[position])]
        customer.append(Int(row.customer))
        from.append(code: row.from)
        to.append(Int(row.to))
        at.append(Int(row.day))
        because.append(Sentences.reasons, code: row.reason)
      }
      try receive(
        SampleChunk(
          entity: "stage_changes",
          fields: [
            ("id", Self.ids(positions)), ("customer", customer.vector), ("from", from.vector),
            ("to", to.vector), ("at", at.vector), ("because", because.vector),
          ], count: count))
    }
  }
}
