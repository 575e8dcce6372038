using System.Diagnostics;
using System.Net;
using System.Text;
using FuncChat.Bench.Client;

namespace FuncChat.Bench.Servers;

/// <summary>Where a server finds what it needs.</summary>
/// <param name="Upstream">The scripted model provider.</param>
/// <param name="Folder">For what the server writes.</param>
internal sealed record ServerPlace(IPEndPoint Upstream, int Port, string Folder);

/// <summary>A server to measure: how it is started, asked, and what it answers.</summary>
internal sealed record Target(string Name)
{
    /// <summary>How to start it; null for the upstream itself.</summary>
    public Func<ServerPlace, ProcessStartInfo>? Start { get; init; }

    /// <summary>The file or folder of run.sh that it needs; null for none.</summary>
    public string? Needs { get; init; }

    public string Path { get; init; } = "/v1/chat/completions";

    /// <summary>The text right before a piece of text in its answer.</summary>
    public string Marker { get; init; } = "\"delta\":{\"content\":\"";

    /// <summary>The text that marks its last event.</summary>
    public string End { get; init; } = "data: [DONE]";

    /// <summary>Puts the model's name into a body. The last argument: whether the model is offered the search.</summary>
    public Func<string, bool, string> Body { get; init; } = static (model, _) =>
        $$"""{"model":"{{model}}","messages":[{"role":"user","content":"Tell me a story."}],"stream":true}""";

    /// <summary>Whether each request needs an id: `UNIQUE` in the body.</summary>
    public bool HasIds { get; init; }

    /// <summary>How much of a full-speed run it does, where the whole would take it minutes.</summary>
    public double Share { get; init; } = 1;

    /// <summary>Whether it runs the model's tool calls.</summary>
    public bool RunsTools { get; init; }

    /// <summary>Whether the ids of its events count up by one.</summary>
    public bool HasEveryId { get; init; } = true;

    public TextCheck NewCheck() => new(Marker, End, HasEveryId);

    /// <summary>A request that starts a turn.</summary>
    public byte[] Request(string model, bool withTools) => RequestOf(
        $"POST {Path}", HasIds ? Body(model, withTools).Replace("UNIQUE", $"{Guid.NewGuid():N}", StringComparison.Ordinal) : Body(model, withTools));

    /// <summary>The body of a chat, as FuncChat and two of its peers read it.</summary>
    public static string BodyOf(string model, string? turnId = null, IReadOnlyList<string>? tools = null)
    {
        var turn = turnId is null ? "" : $",\"turn_id\":\"{turnId}\"";
        var offered = tools is null or [] ? "" : $",\"tools\":[{string.Join(',', tools.Select(tool => $"\"{tool}\""))}]";
        return $$"""{"model":"{{model}}","messages":[{"role":"user","content":"Tell me a story."}]{{turn}}{{offered}}}""";
    }

    /// <summary>A request that starts a chat of FuncChat.</summary>
    public static byte[] ChatOf(string model, string? turnId = null, IReadOnlyList<string>? tools = null) =>
        RequestOf("POST /api/chat", BodyOf($"bench:{model}", turnId, tools));

    /// <summary>Any request, with the key of the bench.</summary>
    /// <param name="line">The method and the path.</param>
    public static byte[] RequestOf(string line, string body = "") => Encoding.UTF8.GetBytes(
        $"{line} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {Targets.ApiKey}\r\nContent-Type: application/json\r\n"
        + $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
}
