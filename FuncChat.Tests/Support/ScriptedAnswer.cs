using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace FuncChat.Tests.Support;

/// <summary>
/// One answer of the <see cref="ScriptedModelServer"/>: steps, played in order, each flushed to the socket separately. It is a stream of
/// server-sent events with status 200 unless its first steps say otherwise; after the last step the answer ends as HTTP wants it.
/// </summary>
public sealed class ScriptedAnswer
{
    private readonly List<Func<HttpContext, CancellationToken, Task>> _steps = [];

    /// <summary>A chunk for each piece of text.</summary>
    public ScriptedAnswer Text(params string[] pieces) => Each(pieces, piece => Delta(new { content = piece }));

    /// <summary>A chunk for each piece of reasoning.</summary>
    public ScriptedAnswer Reasoning(params string[] pieces) => Each(pieces, piece => Delta(new { reasoning_content = piece }));

    /// <summary>A whole tool call in two chunks: id and name, then its arguments.</summary>
    public ScriptedAnswer ToolCall(string id, string name, string arguments, int index = 0) =>
        ToolCallPiece(index, id, name, "").ToolCallPiece(index, arguments: arguments);

    /// <summary>One piece of a tool call; what is null is left out.</summary>
    public ScriptedAnswer ToolCallPiece(int? index, string? id = null, string? name = null, string? arguments = null)
    {
        var piece = new { index, id, type = id is null ? null : "function", function = new { name, arguments } };
        return Delta(new { tool_calls = new[] { piece } });
    }

    /// <summary>A chunk with this `delta`, and with a `finish_reason` if one is given.</summary>
    public ScriptedAnswer Delta(object delta, string? finishReason = null) =>
        Chunk(new { choices = new[] { new { index = 0, delta, finish_reason = finishReason } } });

    public ScriptedAnswer Finish(string reason = "stop") => Delta(new { }, reason);

    /// <summary>The chunk with usage and empty `choices` that OpenAI sends last.</summary>
    public ScriptedAnswer Usage(long inputTokens = 10, long outputTokens = 5) => Chunk(new
    {
        choices = Array.Empty<object>(),
        usage = new { prompt_tokens = inputTokens, completion_tokens = outputTokens, total_tokens = inputTokens + outputTokens },
    });

    /// <summary>`data: [DONE]`.</summary>
    public ScriptedAnswer Done() => Event("[DONE]");

    /// <summary>The end of a whole answer: finish_reason, usage, `[DONE]`.</summary>
    public ScriptedAnswer Ends(string reason = "stop", long inputTokens = 10, long outputTokens = 5) =>
        Finish(reason).Usage(inputTokens, outputTokens).Done();

    /// <summary>An event with this data, as it is.</summary>
    public ScriptedAnswer Event(string data) => Raw($"data: {data}\n\n");

    /// <summary>These characters in UTF-8, as they are.</summary>
    public ScriptedAnswer Raw(string text) => Raw(Encoding.UTF8.GetBytes(text));

    /// <summary>These bytes, as they are, in one flush.</summary>
    public ScriptedAnswer Raw(byte[] bytes) => Step(async (context, token) =>
    {
        await context.Response.Body.WriteAsync(bytes, token);
        await context.Response.Body.FlushAsync(token);
    });

    /// <summary>Continues when the test has set the signal.</summary>
    public ScriptedAnswer WaitFor(ManualSignal signal) => Step((_, token) => signal.WaitAsync(token));

    /// <summary>Tells the test that all steps before this one have been played.</summary>
    public ScriptedAnswer Tell(ManualSignal signal) => Step((_, _) =>
    {
        signal.Set();
        return Task.CompletedTask;
    });

    /// <summary>Sends nothing more until the client leaves or the server is disposed.</summary>
    public ScriptedAnswer Stall() => Step((_, token) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token));

    /// <summary>
    /// Cuts the connection without ending the answer. The client may lose what it has not read yet: where that counts, wait for a signal
    /// first.
    /// </summary>
    public ScriptedAnswer Abort() => Step((context, _) =>
    {
        context.Abort();
        return Task.CompletedTask;
    });

    /// <summary>Sets status and headers; before anything is sent.</summary>
    public ScriptedAnswer Head(int status, params (string Name, string Value)[] headers) => Step((context, _) =>
    {
        context.Response.StatusCode = status;
        foreach (var (name, value) in headers)
            context.Response.Headers[name] = value;
        return Task.CompletedTask;
    });

    /// <summary>An answer that is no stream: JSON unless a header says otherwise.</summary>
    public ScriptedAnswer Respond(int status, string body, params (string Name, string Value)[] headers) =>
        Head(status, [("Content-Type", "application/json"), .. headers]).Raw(body);

    internal async Task PlayAsync(HttpContext context, CancellationToken cancellationToken)
    {
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        context.Response.ContentType = "text/event-stream";
        foreach (var step in _steps)
            await step(context, cancellationToken);
    }

    private ScriptedAnswer Chunk(object body) => Event(ScriptedChunk.From(body));

    private ScriptedAnswer Each(string[] pieces, Action<string> add)
    {
        foreach (var piece in pieces)
            add(piece);
        return this;
    }

    private ScriptedAnswer Step(Func<HttpContext, CancellationToken, Task> step)
    {
        _steps.Add(step);
        return this;
    }
}
