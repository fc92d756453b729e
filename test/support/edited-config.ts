/* A configuration that edits are tried on: comments beside, above and between, and a key that nobody knows. */

/** Its text. */
export const editedConfig = `# mine
version = 5

# the team's relay
[codex.providers.team] # east
base_url = "https://team.example/v1" # first
auth_token_env = "TEAM_KEY"
supported_models = { "gpt-5*" = true }
# nobody knows why
tags = { region = "eu", billing = "monthly" } # both

[codex.providers.team.limits]
max_concurrent_requests = 4 # four

[codex.providers.spare]
base_url = "https://spare.example/v1"
future_key = "kept"
# api_key_env = "OLD"

[codex.routing]
entry = "main"

[codex.routing.routes.main]
strategy = "weighted"
children = [
	"team", # cheap
	# slow, but it works
	"spare",
]
weights = { team = 3 }
`;
