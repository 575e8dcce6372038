using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace FuncChat.Tests.Support;

/// <summary>A web server on a free port of 127.0.0.1 that answers as a test scripts it.</summary>
internal sealed class ScriptedWebServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, RequestDelegate> _answers = new(StringComparer.Ordinal);
    private readonly WebApplication _app;

    private ScriptedWebServer()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0").ConfigureKestrel((KestrelServerOptions options) =>
        {
            options.AddServerHeader = false;
            options.Limits.MinResponseDataRate = null;
        });
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    /// <summary>What was asked for, as path and query, in order.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public Uri Url => new(_app.Urls.Single());

    public static async Task<ScriptedWebServer> StartAsync()
    {
        var server = new ScriptedWebServer();
        await server._app.StartAsync();
        return server;
    }

    /// <summary>Answers a path; any other is a 404.</summary>
    public void On(string path, RequestDelegate answer) => _answers[path] = answer;

    public void On(string path, string body, string contentType = "text/html; charset=utf-8") => On(path, context =>
    {
        context.Response.ContentType = contentType;
        return context.Response.WriteAsync(body, context.RequestAborted);
    });

    public void On(string path, byte[] body, string? contentType) => On(path, context =>
    {
        context.Response.ContentType = contentType;
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    });

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task AnswerAsync(HttpContext context)
    {
        Requests.Enqueue(context.Request.Path + context.Request.QueryString);
        if (_answers.TryGetValue(context.Request.Path, out var answer))
            return answer(context);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
