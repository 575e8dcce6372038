using System.Text.Json.Serialization;

namespace FuncChat.Engine;

/// <summary>Every way in which a request or a turn can fail. On the wire in capitals, such as `UPSTREAM_TIMEOUT`.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ErrorCode>))]
public enum ErrorCode
{
    [JsonStringEnumMemberName("INVALID_REQUEST")] InvalidRequest,
    [JsonStringEnumMemberName("UNAUTHORIZED")] Unauthorized,
    [JsonStringEnumMemberName("FORBIDDEN")] Forbidden,
    [JsonStringEnumMemberName("NOT_FOUND")] NotFound,
    [JsonStringEnumMemberName("RATE_LIMITED")] RateLimited,
    [JsonStringEnumMemberName("CONFIGURATION_ERROR")] ConfigurationError,
    [JsonStringEnumMemberName("UPSTREAM_ERROR")] UpstreamError,
    [JsonStringEnumMemberName("UPSTREAM_TIMEOUT")] UpstreamTimeout,
    [JsonStringEnumMemberName("CONTENT_FILTERED")] ContentFiltered,
    [JsonStringEnumMemberName("CANCELLED")] Cancelled,
    [JsonStringEnumMemberName("INTERNAL")] Internal,
}
