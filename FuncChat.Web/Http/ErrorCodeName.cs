using System.Text.Json;
using FuncChat.Engine;

namespace FuncChat.Web.Http;

/// <summary>The name of an error code on the wire, such as `UPSTREAM_TIMEOUT`.</summary>
internal static class ErrorCodeName
{
    public static string Of(ErrorCode code) => JsonSerializer.SerializeToElement(code).GetString()!;
}
