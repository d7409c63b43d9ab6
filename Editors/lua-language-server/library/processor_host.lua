---@meta _

-- The words of rules, tests and chains for lua-language-server, so that editors complete and check them. Nothing here
-- runs. docs/rules.md is the reference; a test holds both and the host to the same words.

-- Rules

---What a step finds.
---@class Matcher

---What is found, and what becomes of it.
---@class Step

---@alias FailurePolicy
---| "pass" # the span goes on as if the rule had not run
---| "strip" # only the span's frame leaves
---| "drop" # the span goes

---A field or an attribute that `read` opens; a last `*` stands for all that begin so.
---@alias ReadPath string
---| "*"
---| "name"
---| "kind"
---| "duration"
---| "duration_ms"
---| "start_time"
---| "end_time"
---| "trace_id"
---| "span_id"
---| "parent_span_id"
---| "trace_state"
---| "flags"
---| "dropped_attributes_count"
---| "dropped_events_count"
---| "dropped_links_count"
---| "schema_url"
---| "resource_schema_url"
---| "status.code"
---| "status.message"
---| "status.*"
---| "scope.name"
---| "scope.version"
---| "scope.attributes.*"
---| "attributes.*"
---| "resource.*"
---| "events"
---| "links"
---| "trace.id"
---| "trace.duration"
---| "trace.duration_ms"
---| "trace.complete"
---| "trace.span_count"
---| "trace.error_count"
---| "trace.services"
---| "trace.*"

---A field or an attribute into which free text may be written.
---@alias RewritePath string
---| "name"
---| "status.code"
---| "status.message"
---| "attributes.*"

---The type of an attribute that a rule may set; a list of strings allows those.
---@alias SetType "boolean" | "integer" | "number" | "span_name" | string[]

---What a hook may do beyond hiding.
---@class (exact) Powers
---@field read? ReadPath[] fields and attributes that it may read
---@field set? table<string, SetType> attributes that it may write, and with what
---@field sample? string[] reasons for `keep`, `sample`, `sample_dynamic` and `rate_limit`
---@field sample_reason? string the attribute in which the host writes for which of them a whole trace stays
---@field drop? string[] reasons for `span:drop`
---@field rewrite? RewritePath[] where it may write any value, free text included

---@class (exact) RuleFields
---@field about string what the rule is for, a sentence
---@field hide? (Matcher | Step)[] what is hidden on every span
---@field can? Powers what hooks may do
---@field on_span? (fun(span: Span)) | false called with each span; `false` where a setting switches it off
---@field on_trace? (fun(trace: Trace)) | false called with each whole trace; `false` where a setting switches it off
---@field on_failure? FailurePolicy what becomes of a span on which `on_span` fails

---A rule; its file ends with `return rule { … }`.
---@param fields RuleFields
---@return RuleFields
function rule(fields) end

---What a hide step finds.
---@class Matchers
match = {}

---@class (exact) WordOptions
---@field except? string[] names that stay, or beginnings of names that end in `*`

---Attributes whose key contains one of the words.
---@param words string[]
---@param options? WordOptions
---@return Matcher
function match.words(words, options) end

---Attributes whose key is one of the names.
---@param names string[]
---@return Matcher
function match.names(names) end

---Attributes whose key begins with one of these.
---@param prefixes string[]
---@return Matcher
function match.prefixes(prefixes) end

---Texts that are exactly one of these.
---@param values string[]
---@return Matcher
function match.values(values) end

---@alias Detector
---| "assignment" # the values of names that hold a word of `match.words`
---| "credit_card" # numbers of cards whose check digit is right
---| "email" # mail addresses
---| "jwt" # JSON web tokens
---| "bearer_token" # what stands behind `Bearer` and `Basic`
---| "private_key" # private keys in PEM and PuTTY's format
---| "url_credentials" # user and password in a URL
---| "signed_url" # the signatures of presigned URLs
---| "vendor_token" # tokens whose vendors publish their form
---| "iban" # bank accounts
---| "us_ssn" # social security numbers of the United States
---| "phone" # telephone numbers
---| "ip_address" # addresses of IPv4 and IPv6

---What these detectors find inside any text.
---@param detectors Detector[]
---@return Matcher
function match.text(detectors) end

---@class (exact) PatternOptions
---@field examples? string[] texts in which one of the patterns must find something

---What one of these regular expressions finds inside any text.
---@param patterns string[]
---@param options? PatternOptions
---@return Matcher
function match.patterns(patterns, options) end

---The values of URLs' parameters with these names.
---@param parameters string[]
---@return Matcher
function match.query(parameters) end

---What is found becomes `[REDACTED]`; a matcher alone says the same.
---@param matcher Matcher
---@return Step
function mark(matcher) end

---The attribute goes, key and value.
---@param matcher Matcher
---@return Step
function remove(matcher) end

---A pseudonym stands there, made with the keys of this name.
---@param matcher Matcher
---@param keys string
---@return Step
function pseudonym(matcher, keys) end

---The last characters stay, 1 to 10.
---@param matcher Matcher
---@param characters integer
---@return Step
function keep_last(matcher, characters) end

---Texts keep their first characters. Not with the matchers for inside text.
---@param matcher Matcher
---@param characters integer
---@return Step
function cut(matcher, characters) end

---@class (exact) Limits
---@field attributes? integer
---@field events? integer
---@field links? integer

---What exceeds a count goes, the last ones first.
---@param counts Limits
---@return Step
function limit(counts) end

---A list that rules share: the lines of `lists/NAME.txt`.
---@param name string
---@return string[]
function list(name) end

-- Settings

---Values that ops may change without changing the rule; once in a file, kept in a local.
---@generic T: table
---@param declarations T
---@return T
function settings(declarations) end

---@class (exact) DurationRange
---@field min? string
---@field max? string

---Seconds, written `60s`, `500ms`, `2m` or `1h`. In tests it is a span's duration.
---@param default string
---@param range? DurationRange
---@return number
function duration(default, range) end

---@class (exact) NumberRange
---@field min? number
---@field max? number

---A whole number.
---@param default integer
---@param range? NumberRange
---@return integer
function count(default, range) end

---A number from 0 to 1.
---@param default number
---@param range? NumberRange
---@return number
function ratio(default, range) end

---True or false.
---@param default boolean
---@return boolean
function flag(default) end

---One string of a list.
---@param default string
---@param choices string[]
---@return string
function choice(default, choices) end

-- The span

---@class StatusCodes
status = {
  unset = 0,
  ok = 1,
  error = 2,
}

---@class SpanKinds
kind = {
  unspecified = 0,
  internal = 1,
  server = 2,
  client = 3,
  producer = 4,
  consumer = 5,
}

---Attributes by key; `nil` where there is none, and assigning `nil` removes one.
---@class Attributes: { [string]: any }

---@class Status
---@field code integer compare with `status.unset`, `status.ok`, `status.error`
---@field message string

---@class Scope
---@field name string
---@field version string
---@field attributes Attributes

---@class Event
---@field name string
---@field time integer nanoseconds since 1970
---@field dropped_attributes_count integer
---@field attributes Attributes

---@class Link
---@field trace_id string hexadecimal digits
---@field span_id string hexadecimal digits
---@field trace_state string
---@field flags integer
---@field dropped_attributes_count integer
---@field attributes Attributes

---@class Span
---@field name string
---@field kind integer compare with `kind.server` and so on
---@field duration number seconds, with a fraction
---@field duration_ms integer whole milliseconds
---@field start_time integer nanoseconds since 1970
---@field end_time integer nanoseconds since 1970
---@field trace_id string hexadecimal digits
---@field span_id string hexadecimal digits
---@field parent_span_id? string hexadecimal digits; `nil` where there is no parent
---@field trace_state string
---@field flags integer
---@field dropped_attributes_count integer
---@field dropped_events_count integer
---@field dropped_links_count integer
---@field schema_url string
---@field resource_schema_url string
---@field status Status
---@field scope Scope
---@field attributes Attributes
---@field resource Attributes
---@field events Event[]
---@field links Link[]
local Span = {}

---The span stays, whatever a later rule samples.
---@param reason string one that `can.sample` declares
function Span:keep(reason) end

---Of ten traces one stays with a ratio of 0.1, the same on every host.
---@param ratio number 0 to 1
---@param reason string one that `can.sample` declares
function Span:sample(ratio, reason) end

---The span goes.
---@param reason string one that `can.drop` declares
function Span:drop(reason) end

---So many spans a second stay, counted by rule and reason.
---@param spans_per_second number
---@param reason string one that `can.sample` declares
function Span:rate_limit(spans_per_second, reason) end

---Hides on this span too what the step finds.
---@param step Matcher | Step made while loading, and kept in a local
function Span:hide(step) end

---A value that is an array.
---@param elements any[]
---@return any
function array(elements) end

---A value that is a map.
---@param members table<string, any>
---@return any
function map(members) end

-- Chains

---@class (exact) ChainFields
---@field api 1 the version of the language
---@field [integer] string names of rules, in their order

---Which rules run, in `chain.lua`.
---@param fields ChainFields
---@return ChainFields
function chain(fields) end
