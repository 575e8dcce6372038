using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Support;

/// <summary>
/// An OpenAI-compatible model provider for tests, on a free port of 127.0.0.1. It records what it is asked and plays scripted answers, one for each
/// request, in the order in which they were given:
/// <code>
/// await using var upstream = await ScriptedModelServer.StartAsync();
/// upstream.Calls(("search_web", """{"query":"rust"}""")).Says("Rust is ", "a language.");
/// </code>
/// A request without a script is answered with status 400 and a message that says so.
/// </summary>
public sealed class ScriptedModelServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentQueue<ScriptedAnswer> _script = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<ScriptedRequest>> _arrivals = new();
    private readonly List<ScriptedRequest> _requests = [];
    private readonly Lock _gate = new();
    private Func<ScriptedRequest, ScriptedAnswer>? _otherwise;

    private ScriptedModelServer(WebApplication app) => _app = app;

    /// <summary>The server's root, such as `http://127.0.0.1:40123/`.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>What a provider's URL setting would hold, such as `http://127.0.0.1:40123/v1`.</summary>
    public string BaseUrl => new Uri(Address, "v1").ToString();

    /// <summary>The list of models that the server reports, as JSON; null where it reports none. Requests for it are not recorded.</summary>
    public string? Models { get; set; }

    /// <summary>Every request that has come so far, in order.</summary>
    public IReadOnlyList<ScriptedRequest> Requests
    {
        get
        {
            lock (_gate)
                return [.. _requests];
        }
    }

    public static async Task<ScriptedModelServer> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MinResponseDataRate = null;
        });
        var server = new ScriptedModelServer(builder.Build());
        server._app.Run(server.AnswerAsync);
        await server._app.StartAsync();
        var addresses = server._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        server.Address = new Uri(addresses.Addresses.Single());
        return server;
    }

    /// <summary>Adds an answer to the script.</summary>
    public ScriptedModelServer Answers(Action<ScriptedAnswer> compose)
    {
        var answer = new ScriptedAnswer();
        compose(answer);
        _script.Enqueue(answer);
        return this;
    }

    /// <summary>Adds a whole answer of these pieces of text, with finish_reason `stop`, usage and `[DONE]`.</summary>
    public ScriptedModelServer Says(params string[] pieces) => Answers(answer => answer.Text(pieces).Ends());

    /// <summary>Adds a whole answer that calls these tools, with ids `call_0`, `call_1`, …</summary>
    public ScriptedModelServer Calls(params (string Name, string Arguments)[] calls) => Answers(answer =>
    {
        for (var index = 0; index < calls.Length; index++)
            answer.ToolCall($"call_{index}", calls[index].Name, calls[index].Arguments, index);
        answer.Ends("tool_calls");
    });

    /// <summary>Adds an answer that is no stream: a status, a body (JSON unless a header says otherwise) and headers.</summary>
    public ScriptedModelServer Fails(int status, string body = "", params (string Name, string Value)[] headers) =>
        Answers(answer => answer.Respond(status, body, headers));

    /// <summary>Answers requests that find the script empty, for tests in which the order of requests is not fixed.</summary>
    public ScriptedModelServer Otherwise(Func<ScriptedRequest, ScriptedAnswer> answer)
    {
        _otherwise = answer;
        return this;
    }

    /// <summary>The request of this position (from 0) in order of arrival, as soon as it has come.</summary>
    public Task<ScriptedRequest> RequestAsync(int position = 0) => Arrival(position).Task;

    /// <summary>Ends every answer that is still being played, and the server.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
        _closing.Dispose();
    }

    private TaskCompletionSource<ScriptedRequest> Arrival(int position) =>
        _arrivals.GetOrAdd(position, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

    private async Task AnswerAsync(HttpContext context)
    {
        if (HttpMethods.IsGet(context.Request.Method) && context.Request.Path.Value!.EndsWith("/models", StringComparison.Ordinal))
        {
            context.Response.StatusCode = Models is null ? StatusCodes.Status404NotFound : StatusCodes.Status200OK;
            await context.Response.WriteAsync(Models ?? "", context.RequestAborted);
            return;
        }

        var request = await ScriptedRequest.ReadAsync(context);
        ScriptedAnswer answer;
        int position;
        lock (_gate)
        {
            position = _requests.Count;
            _requests.Add(request);
            answer = _script.TryDequeue(out var next) ? next : _otherwise?.Invoke(request) ?? Unscripted(position);
        }
        Arrival(position).TrySetResult(request);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _closing.Token);
        try
        {
            await answer.PlayAsync(context, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            context.Abort();
        }
    }

    private static ScriptedAnswer Unscripted(int position) => new ScriptedAnswer()
        .Respond(400, $$$"""{"error":{"message":"The test scripted no answer for request {{{position}}}."}}""");
}
