/// Attacks on what is this host's own: handles, steps of the language, settings, errors.
enum OwnAttacks {
  static let all: [Attack] = [
    Attack(
      name: "own-01-iterator-after-the-hook",
      script: """
        local kept = {}
        function on_span(span)
          if kept[1] then log("PWNED: state") end
          local next = pairs(span.attrs)
          local ok = pcall(function() kept[1] = next end)
          if ok then log("PWNED: a table made at load was written in a hook") end
        end
        """),
    Attack(
      name: "own-02-write-through-language-tables",
      script: """
        function on_span(span)
          for _, t in ipairs { string, table, math, utf8, status, kind, match } do
            if pcall(function() t.upper = 1 end) then log("PWNED: written") end
            if pcall(table.insert, t, 1) then log("PWNED: inserted") end
          end
        end
        """),
    Attack(
      name: "own-03-words-in-hooks",
      script: """
        function on_span(span)
          pcall(function() return list "secret_words" end)
          pcall(function() return settings { a = count(1) } end)
          for i = 1, 1e9 do local step = match.names { "a" } end
        end
        """),
    Attack(
      name: "own-04-deep-tables-as-values",
      script: """
        function on_span(span)
          local t = {}
          for i = 1, 5000 do t = { t } end
          if pcall(function() span.attrs.deep = t end) then log("PWNED: 5000 levels written") end
          local cycle = {} cycle.cycle = cycle
          if pcall(function() span.attrs.cycle = cycle end) then log("PWNED: a cycle written") end
        end
        """),
    Attack(
      name: "own-05-wide-tables-as-values",
      script: """
        function on_span(span)
          local t = {}
          for i = 1, 9000 do t[i] = "aaaaaaaaaaaaaaaa" end
          for i = 1, 1e9 do pcall(function() span.attrs["wide" .. i] = t end) end
        end
        """),
    Attack(
      name: "own-06-error-objects",
      script: """
        function on_span(span)
          local ok, e = pcall(error, span.attrs)
          if ok or type(e) ~= "userdata" then log("PWNED: odd error") end
          error({ span.attrs.card })
        end
        """),
    Attack(
      name: "own-07-secret-in-a-message",
      script: """
        function on_span(span)
          local secret = span.attrs.card
          local nothing = {}
          return nothing[secret].x
        end
        """),
    Attack(
      name: "own-08-pcall-in-pcall",
      script: """
        local function deeper(n) while true do pcall(deeper, n + 1) end end
        function on_span(span) deeper(1) end
        """),
    Attack(
      name: "own-09-sort-that-sorts",
      script: """
        function on_span(span)
          local t = {}
          for i = 1, 200 do t[i] = i end
          local function less(a, b) table.sort(t, less) return a > b end
          table.sort(t, less)
        end
        """),
    Attack(
      name: "own-10-gsub-that-gsubs",
      script: """
        function on_span(span)
          local function again(s) return (s:gsub(".", again)) end
          string.rep("ab", 100):gsub(".", again)
        end
        """),
    Attack(
      name: "own-11-many-attributes",
      script: """
        function on_span(span)
          for i = 1, 1e9 do span.attrs["a" .. i] = i end
        end
        """),
    Attack(
      name: "own-12-keys-with-nul",
      script: """
        function on_span(span)
          span.attrs["card\\0x"] = "kept apart"
          if span.attrs.card == "kept apart" then log("PWNED: a key ended at NUL") end
        end
        """),
  ]
}

extension Attack {
  fileprivate init(name: String, script: String) { self.init(name: name, script: Array(script.utf8)) }
}
