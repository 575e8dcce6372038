using System.Text.Json.Serialization;

namespace FuncChat.Engine;

/// <summary>Every way in which a request or a turn can fail. On the wire in capitals, such as `UPSTREAM_TIMEOUT`.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ErrorCode>))]
public enum ErrorCode
{
    /// <summary>The request must be changed.</summary>
    [JsonStringEnumMemberName("INVALID_REQUEST")] InvalidRequest,

    /// <summary>The caller must sign in.</summary>
    [JsonStringEnumMemberName("UNAUTHORIZED")] Unauthorized,

    /// <summary>The caller may not do this.</summary>
    [JsonStringEnumMemberName("FORBIDDEN")] Forbidden,

    /// <summary>There is no such turn, route or object of this user.</summary>
    [JsonStringEnumMemberName("NOT_FOUND")] NotFound,

    /// <summary>The request is valid, but contradicts what exists under the id that it names.</summary>
    [JsonStringEnumMemberName("CONFLICT")] Conflict,

    /// <summary>A limit of this server or of the provider was reached.</summary>
    [JsonStringEnumMemberName("RATE_LIMITED")] RateLimited,

    /// <summary>A budget for model calls is spent.</summary>
    [JsonStringEnumMemberName("BUDGET_EXCEEDED")] BudgetExceeded,

    /// <summary>The server's settings are wrong.</summary>
    [JsonStringEnumMemberName("CONFIGURATION_ERROR")] ConfigurationError,

    /// <summary>The model provider, or every search, failed.</summary>
    [JsonStringEnumMemberName("UPSTREAM_ERROR")] UpstreamError,

    /// <summary>The model provider took too long.</summary>
    [JsonStringEnumMemberName("UPSTREAM_TIMEOUT")] UpstreamTimeout,

    /// <summary>The turn reached this server's limit for the duration of a turn.</summary>
    [JsonStringEnumMemberName("TURN_TIMEOUT")] TurnTimeout,

    /// <summary>The provider's content filter stopped the answer.</summary>
    [JsonStringEnumMemberName("CONTENT_FILTERED")] ContentFiltered,

    /// <summary>The turn was stopped.</summary>
    [JsonStringEnumMemberName("CANCELLED")] Cancelled,

    /// <summary>The server is shutting down, or something that it needs (the store, the identity provider) is unreachable.</summary>
    [JsonStringEnumMemberName("UNAVAILABLE")] Unavailable,

    /// <summary>An unexpected error on the server.</summary>
    [JsonStringEnumMemberName("INTERNAL")] Internal,
}
