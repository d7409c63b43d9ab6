-- wrk: sends one signed ticket again and again, and stops asking some time before wrk ends, so that no request is cut.
local last = tonumber(os.getenv("TICKETS_LAST_REQUEST"))
local pause = tonumber(os.getenv("TICKETS_PAUSE"))

wrk.method = "POST"
wrk.path = "/webhook/tickets"
wrk.body = os.getenv("TICKETS_BODY")
wrk.headers["content-type"] = "application/json"
wrk.headers["authorization"] = os.getenv("TICKETS_AUTHORIZATION")
wrk.headers["x-webhook-signature"] = os.getenv("TICKETS_SIGNATURE")

-- Milliseconds until a connection asks again.
function delay()
  if os.time() >= last then return 3600000 end
  return pause
end
