namespace FuncChat.Engine.Telemetry;

/// <summary>
/// The names of OpenTelemetry's conventions for generative AI, which are still in development
/// (https://github.com/open-telemetry/semantic-conventions-genai), as of November 2026, and FuncChat's own.
/// </summary>
internal static class GenAi
{
    public const string Operation = "gen_ai.operation.name";
    public const string Provider = "gen_ai.provider.name";
    public const string AgentName = "gen_ai.agent.name";
    public const string RequestModel = "gen_ai.request.model";
    public const string Streams = "gen_ai.request.stream";
    public const string Temperature = "gen_ai.request.temperature";
    public const string MaxTokens = "gen_ai.request.max_tokens";
    public const string TopP = "gen_ai.request.top_p";
    public const string FrequencyPenalty = "gen_ai.request.frequency_penalty";
    public const string PresencePenalty = "gen_ai.request.presence_penalty";
    public const string ResponseModel = "gen_ai.response.model";
    public const string FinishReasons = "gen_ai.response.finish_reasons";
    public const string TimeToFirstChunk = "gen_ai.response.time_to_first_chunk";
    public const string InputTokens = "gen_ai.usage.input_tokens";
    public const string CachedInputTokens = "gen_ai.usage.cache_read.input_tokens";
    public const string OutputTokens = "gen_ai.usage.output_tokens";
    public const string ReasoningTokens = "gen_ai.usage.reasoning.output_tokens";
    public const string TokenType = "gen_ai.token.type";
    public const string InputMessages = "gen_ai.input.messages";
    public const string OutputMessages = "gen_ai.output.messages";
    public const string ToolName = "gen_ai.tool.name";
    public const string ToolType = "gen_ai.tool.type";
    public const string ToolCallId = "gen_ai.tool.call.id";
    public const string ToolArguments = "gen_ai.tool.call.arguments";
    public const string ToolResult = "gen_ai.tool.call.result";

    public const string ServerAddress = "server.address";
    public const string ServerPort = "server.port";
    public const string ErrorType = "error.type";

    public const string TurnId = "funcchat.turn.id";
    public const string TurnKind = "funcchat.turn.kind";
    public const string TurnOutcome = "funcchat.turn.outcome";
    public const string TurnContinued = "funcchat.turn.continued";
    public const string Limit = "funcchat.limit";
    public const string ToolRunId = "funcchat.tool_run.id";
}
