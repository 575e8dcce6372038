using System.Net.ServerSentEvents;
using System.Text.Json;
using FuncChat.Engine;

namespace FuncChat.Web.Proxy;

/// <summary>What a turn has come to, gathered from its events.</summary>
internal sealed class TurnOutcome
{
    public string Model { get; private set; } = "";

    public string FinishReason { get; private set; } = "stop";

    /// <summary>The data of `complete`, once it is there.</summary>
    public JsonElement? Complete { get; private set; }

    /// <summary>What the turn failed with, where it did.</summary>
    public AppError? Error { get; private set; }

    public void Add(SseItem<JsonElement> item)
    {
        switch (item.EventType)
        {
            case "status":
                Model = $"{item.Data.GetProperty("provider").GetString()}:{item.Data.GetProperty("model").GetString()}";
                break;
            case "llm_response" when !item.Data.TryGetProperty("tool", out _):
                FinishReason = item.Data.GetProperty("finish_reason").GetString()!;
                break;
            case "complete":
                Complete = item.Data;
                break;
            case "error":
                Error = new AppError(item.Data.GetProperty("code").Deserialize<ErrorCode>(), item.Data.GetProperty("error").GetString()!)
                {
                    Retryable = item.Data.GetProperty("retryable").GetBoolean(),
                };
                break;
        }
    }

    /// <summary>The error to answer with: the turn's own, or, where its events broke off, that it may be asked for again.</summary>
    public AppError ErrorOrBrokenOff => Error ?? new AppError(
        ErrorCode.Unavailable,
        "The server is restarting, but the turn continues. Follow it with GET /api/chat/{turn_id}; the id is in the X-Turn-Id header.")
    {
        Retryable = true,
        RetryAfter = TimeSpan.FromSeconds(2),
    };
}
