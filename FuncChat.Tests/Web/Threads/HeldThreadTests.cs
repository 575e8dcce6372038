using FuncChat.Engine.Store;
using FuncChat.Engine.Threads;
using FuncChat.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Web.Threads;

/// <summary>Tests on a server whose stores can hold or fail a call (<see cref="HeldCall"/>), so that requests meet at a known point.</summary>
public abstract class HeldThreadTests : IAsyncLifetime
{
    private protected const string Thread = "api/threads/thread-0001";

    private readonly TemporaryFolder _folder = new();

    private protected ITurnStore Turns { get; private set; } = null!;

    private protected IThreadStore Threads { get; private set; } = null!;

    private protected ThreadServer Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Turns = HeldCall.Around<ITurnStore>(new FileTurnStore(_folder.Path));
        Threads = HeldCall.Around<IThreadStore>(new FileThreadStore(_folder.Path));
        Server = await ThreadServer.StartAsync(builder => builder.Services.AddSingleton(Turns).AddSingleton(Threads), _folder.Path);
    }

    public async Task DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Imports a turn of one message.</summary>
    private protected Task<HttpResponseMessage> ImportAsync(string text, string turnId, string? parentId = null, string thread = "thread-0001") => Server.SendAsync(
        HttpMethod.Put,
        $"api/threads/{thread}/turns/{turnId}",
        $$$$"""
        {"messages":[{"role":"user","content":"{{{{text}}}}"}],"parent_turn_id":"{{{{parentId ?? ThreadPosition.Root}}}}","events":[{"id":1,"type":"complete","data":{"status":"success",
        "messages":[{"role":"assistant","content":"ok"}],"iterations":1,"usage":{"input_tokens":1,"output_tokens":1}}}]}
        """);

    private protected Task<HttpResponseMessage> DeleteTurnAsync(string turnId, string? ifMatch = null) =>
        Server.SendAsync(HttpMethod.Delete, $"{Thread}/turns/{turnId}", ifMatch: ifMatch);

    private protected async Task<string?> ETagAsync() => (await Server.GetAsync(Thread)).GetProperty("etag").GetString();

    private protected IEnumerable<string> FilesWith(string name) =>
        Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file).Contains(name, StringComparison.Ordinal));

    private protected IEnumerable<string> Contents() => FilesWith("content_");
}
