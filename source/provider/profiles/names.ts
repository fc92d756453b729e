/** Every provider profile (translation.md 1.10), by the name that `profile = "…"` takes in config.toml. */
export const profileNames = [
	'generic',
	'openai',
	'anthropic',
	'deepseek',
	'kimi',
	'qwen',
	'mistral',
	'groq',
	'xai',
	'openrouter',
	'zai',
	'minimax',
	'nim',
	'ollama',
	'llama-cpp',
	'vllm',
	'lm-studio',
	'gemini',
	'gemini-openai',
	'command-code',
] as const;

/** One of {@link profileNames}. */
export type ProfileName = (typeof profileNames)[number];
