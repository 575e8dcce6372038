namespace FuncChat.Engine.Models;

/// <summary>OpenAI's words for why a model stopped; providers may have words of their own.</summary>
public static class FinishReason
{
    public const string Stop = "stop";
    public const string Length = "length";
    public const string ToolCalls = "tool_calls";
    public const string ContentFilter = "content_filter";
}
