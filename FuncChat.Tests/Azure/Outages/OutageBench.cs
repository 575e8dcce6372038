using System.Net;
using System.Text;
using System.Text.Json;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using FuncChat.Azure;
using FuncChat.Engine.Turns;
using FuncChat.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FuncChat.Tests.Azure.Outages;

/// <summary>FuncChat.Local's parts on blobs behind an <see cref="OutageRelay"/>, with a model and tools that the test drives.</summary>
internal sealed class OutageBench : IAsyncDisposable
{
    // Much longer than any request may take, much shorter than the SDK's default retries.
    private static readonly TimeSpan Guard = TimeSpan.FromMinutes(1);

    // The longest that a lease and the retries of a writer may hold a stream up.
    private static readonly TimeSpan StreamGuard = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder = new();

    private readonly BlobContainerClient _container;

    private OutageBench(AzuriteServer azurite)
    {
        Relay = new OutageRelay(azurite.BlobEndpoint);
        _container = azurite.Container(AzuriteServer.NewContainer());
    }

    public OutageRelay Relay { get; }

    public FakeModel Model { get; } = new();

    public GatedTools Tools { get; } = new();

    public SkippingTime Time { get; } = new();

    public LogLines Logs { get; } = new();

    public LocalServer Server { get; private set; } = null!;

    public HttpClient Http => Server.Http;

    public static async Task<OutageBench> StartAsync(AzuriteServer azurite, params (string Name, string Value)[] settings)
    {
        var bench = new OutageBench(azurite);
        bench.Server = await LocalServer.StartWithAsync(
            bench._folder.Path,
            builder =>
            {
                builder.Logging.AddProvider(bench.Logs).SetMinimumLevel(LogLevel.Warning);
                builder.Services.AddSingleton<TimeProvider>(bench.Time).AddAzureTurnStore(builder.Configuration);
            },
            bench.Model.Catalog, bench.Tools,
            [
                ("FuncChat:TurnLog:ConnectionString", azurite.ConnectionStringThrough(bench.Relay.Address)),
                ("FuncChat:TurnLog:Container", bench._container.Name), ("FuncChat:TurnLog:RunsContainer", AzuriteServer.NewContainer()), .. settings,
            ]);
        return bench;
    }

    public static string Body(string turnId, params string[] tools) => JsonSerializer.Serialize(new
    {
        messages = new[] { new { role = "user", content = "Hello" } },
        model = FakeModel.Name,
        tools,
        turn_id = turnId,
    });

    public Task<TurnStream> StartTurnAsync(string turnId, params string[] tools) => TurnStream.PostAsync(Http, Body(turnId, tools));

    /// <summary>Runs a turn to its end.</summary>
    public async Task<IReadOnlyList<SseEvent>> RunTurnAsync(string turnId, string answer)
    {
        Model.Says(answer);
        await using var stream = await StartTurnAsync(turnId);
        return await stream.ToEndAsync();
    }

    /// <summary>The answer to a request, which arrives long before a client would give up.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return await Http.SendAsync(request).WaitAsync(Guard);
    }

    /// <summary>Sends a request that must fail because the store is away.</summary>
    public async Task AssertUnavailableAsync(HttpMethod method, string path, string? body = null)
    {
        using var response = await SendAsync(method, path, body);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Equal("UNAVAILABLE", (await Problem.OfAsync(response)).Code);
    }

    /// <summary>The rest of a stream, which must end.</summary>
    public async Task<IReadOnlyList<SseEvent>> ToEndAsync(TurnStream stream)
    {
        try
        {
            return await stream.ToEndAsync().WaitAsync(StreamGuard);
        }
        catch (TimeoutException e)
        {
            throw new InvalidOperationException($"The stream does not end. The server's log:\n{Logs.All}", e);
        }
    }

    /// <summary>Ends when no turn runs in the server any more.</summary>
    public Task QuietAsync() =>
        Task.WhenAll(Server.Services.GetRequiredService<TurnRuntime>().Live.All.Select(turn => turn.Value.Completion)).WaitAsync(Guard);

    /// <summary>Ends the leases of writers that could not release them. They would expire within seconds.</summary>
    public async Task EndLeasesAsync()
    {
        await foreach (var blob in _container.GetBlobsAsync())
        {
            if (blob.Properties.LeaseState == LeaseState.Leased)
                await _container.GetAppendBlobClient(blob.Name).GetBlobLeaseClient().BreakAsync(TimeSpan.Zero);
        }
    }

    public async Task<(HttpStatusCode Status, string Storage)> HealthAsync()
    {
        // The report is cached for seconds.
        Time.Skip(TimeSpan.FromSeconds(10));
        using var response = await SendAsync(HttpMethod.Get, "api/health");
        using var health = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return (response.StatusCode, health.RootElement.GetProperty("dependencies").GetProperty("storage").GetString()!);
    }

    public async ValueTask DisposeAsync()
    {
        // The store must be there for the server to stop without delay.
        Relay.End();
        if (Server is not null)
            await Server.DisposeAsync();
        await Relay.DisposeAsync();
        _folder.Dispose();
    }
}
