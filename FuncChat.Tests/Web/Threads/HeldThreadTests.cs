using FuncChat.Engine.Store;
using FuncChat.Engine.Threads;
using FuncChat.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Web.Threads;

/// <summary>Tests on a server whose stores can hold or fail a call (<see cref="HeldCall"/>), so that requests meet at a known point.</summary>
public abstract class HeldThreadTests : IAsyncLifetime
{
    private protected const string Thread = "api/threads/thread-0001";

    private protected static readonly ThreadKey Key = new("key ada", "thread-0001");

    private readonly TemporaryFolder _folder = new();

    private protected ITurnStore Turns { get; private set; } = null!;

    private protected ITurnLeases Leases { get; private set; } = null!;

    private protected ITurnRetention Retention { get; private set; } = null!;

    private protected IThreadStore Threads { get; private set; } = null!;

    private protected ThreadServer Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var turns = new FileTurnStore(_folder.Path);
        Turns = HeldCall.Around<ITurnStore>(turns);
        Leases = HeldCall.Around<ITurnLeases>(turns);
        Retention = HeldCall.Around<ITurnRetention>(turns);
        Threads = HeldCall.Around<IThreadStore>(new FileThreadStore(_folder.Path));
        Server = await ThreadServer.StartAsync(builder => builder.Services.AddSingleton(Turns).AddSingleton(Leases).AddSingleton(Retention).AddSingleton(Threads), _folder.Path);
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

    /// <summary>Makes a turn that has ended one whose process was killed before its end.</summary>
    private protected async Task CutOffEndAsync(string turnId)
    {
        var path = FilesWith($"{turnId}.log").Single();
        var log = await File.ReadAllTextAsync(path);
        await File.WriteAllTextAsync(path, log[..(log.TrimEnd('\n').LastIndexOf("\n\n", StringComparison.Ordinal) + 2)]);
    }

    private protected async Task<string?> ETagAsync() => (await Server.GetAsync(Thread)).GetProperty("etag").GetString();

    private protected IEnumerable<string> FilesWith(string name) =>
        Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file).Contains(name, StringComparison.Ordinal));

    private protected IEnumerable<string> Contents() => FilesWith("content_");

    /// <summary>Changes the first turn in its thread.</summary>
    private protected async Task ChangeAsync(Func<ThreadTurn, ThreadTurn> change)
    {
        var (thread, etag) = (await Threads.ReadAsync(Key, CancellationToken.None))!;
        Assert.NotNull(await Threads.WriteAsync(thread with { Turns = [change(thread.Turns[0])] }, etag, CancellationToken.None));
    }

    /// <summary>Removes the log of the turn `turn-0001`, or makes it empty, cuts it off, or overwrites it with zeros.</summary>
    private protected async Task DamageAsync(string damage)
    {
        var path = Assert.Single(FilesWith("turn-0001.log"));
        if (damage == "missing")
        {
            File.Delete(path);
            return;
        }

        await using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        if (damage == "empty")
            file.SetLength(0);
        else if (damage == "cut")
            file.SetLength(20);
        else
            await file.WriteAsync(new byte[file.Length]);
    }

    /// <summary>The statuses of the thread's turns.</summary>
    private protected async Task<IEnumerable<string?>> StatusesAsync() =>
        [.. (await Server.GetAsync($"{Thread}/turns")).GetProperty("turns").EnumerateArray().Select(turn => turn.GetProperty("status").GetString())];
}
