using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Tests.Support;

/// <summary>A request that the <see cref="ScriptedModelServer"/> got.</summary>
public sealed class ScriptedRequest
{
    private readonly ManualSignal _disconnected = new();

    private ScriptedRequest(HttpRequest request, string bodyText)
    {
        ConnectionId = request.HttpContext.Connection.Id;
        Method = request.Method;
        Target = request.Path + request.QueryString;
        Protocol = request.Protocol;
        Headers = request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        BodyText = bodyText;
    }

    public string Method { get; }

    /// <summary>Path and query, such as `/v1/chat/completions?api-version=1`.</summary>
    public string Target { get; }

    /// <summary>Such as `HTTP/1.1`.</summary>
    public string Protocol { get; }

    /// <summary>The same for requests that came over one connection.</summary>
    public string ConnectionId { get; }

    public IReadOnlyDictionary<string, string> Headers { get; }

    public string BodyText { get; }

    /// <summary>The body's root.</summary>
    public JsonElement Body => JsonSerializer.Deserialize<JsonElement>(BodyText);

    /// <summary>Ends when the client has closed the connection, or given the request up, before its answer was whole.</summary>
    public Task Disconnected => _disconnected.WaitAsync();

    /// <summary>The text of the last message of this role, or null.</summary>
    public string? LastText(string role = "user") => Body.GetProperty("messages").EnumerateArray()
        .Where(message => message.GetProperty("role").ValueEquals(role))
        .Select(message => message.GetProperty("content").ToString())
        .LastOrDefault();

    internal static async Task<ScriptedRequest> ReadAsync(HttpContext context)
    {
        using var body = new StreamReader(context.Request.Body);
        var request = new ScriptedRequest(context.Request, await body.ReadToEndAsync(context.RequestAborted));
        context.RequestAborted.Register(request._disconnected.Set);
        return request;
    }
}
