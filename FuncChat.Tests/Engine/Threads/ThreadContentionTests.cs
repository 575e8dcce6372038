using FuncChat.Engine.Store;
using FuncChat.Engine.Threads;
using FuncChat.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace FuncChat.Tests.Engine.Threads;

/// <summary>Requests that change the same thread at the same time.</summary>
public sealed class ThreadContentionTests : IDisposable
{
    private static readonly ThreadKey Key = new("ada", "thread-0001");
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Every_change_succeeds_however_many_there_are()
    {
        var storage = Storage();
        await CreateAsync(storage);

        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => AppendAsync(storage)));

        Assert.Equal(200, (await storage.ReadAsync(Key, None))!.Thread.Title.Length);
    }

    [Fact]
    public async Task Changes_of_two_processes_succeed()
    {
        ThreadStorage[] processes = [Storage(), Storage()];
        await CreateAsync(processes[0]);

        await Task.WhenAll(processes.SelectMany(process => Enumerable.Range(0, 30).Select(_ => AppendAsync(process))));

        Assert.Equal(60, (await processes[0].ReadAsync(Key, None))!.Thread.Title.Length);
    }

    [Fact]
    public async Task Changes_are_made_in_the_order_in_which_they_were_requested()
    {
        var store = HeldCall.Around<IThreadStore>(new FileThreadStore(_folder.Path));
        var storage = new ThreadStorage(store, TimeProvider.System);
        await CreateAsync(storage);
        var held = HeldCall.Hold(store, nameof(IThreadStore.WriteAsync));
        var changes = "abcdef".Select(letter => storage.ChangeAsync(Key, thread => thread with { Title = thread.Title + letter }, None)).ToList();
        await held.Asked.WaitAsync();

        held.Go.Set();

        await Task.WhenAll(changes);
        Assert.Equal("abcdef", (await storage.ReadAsync(Key, None))!.Thread.Title);
    }

    [Fact]
    public async Task Change_waits_neither_for_another_thread_nor_forever()
    {
        var time = new FakeTimeProvider();
        var store = HeldCall.Around<IThreadStore>(new FileThreadStore(_folder.Path));
        var storage = new ThreadStorage(store, time);
        await CreateAsync(storage);
        await CreateAsync(storage, "thread-0002");
        var held = HeldCall.Hold(store, nameof(IThreadStore.WriteAsync), new IOException("The disk is gone."));
        var first = AppendAsync(storage);
        await held.Asked.WaitAsync();
        using var leaving = new CancellationTokenSource();
        var left = storage.ChangeAsync(Key, thread => thread with { Title = "left" }, leaving.Token);
        var second = AppendAsync(storage);

        await AppendAsync(storage, "thread-0002");
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        time.Advance(TimeSpan.FromSeconds(2));
        await second;

        held.Go.Set();
        await Assert.ThrowsAsync<TurnStoreException>(() => first);
        await AppendAsync(storage);
        Assert.Equal("xx", (await storage.ReadAsync(Key, None))!.Thread.Title);
    }

    [Fact]
    public async Task Change_does_not_wait_for_another_that_waits_to_be_retried()
    {
        var time = new WatchedClock();
        var store = HeldCall.Around<IThreadStore>(new FileThreadStore(_folder.Path));
        var storage = new ThreadStorage(store, time);
        await CreateAsync(storage);
        var held = HeldCall.Hold(store, nameof(IThreadStore.WriteAsync));
        var overtaken = AppendAsync(storage);
        await held.Asked.WaitAsync();
        await AppendAsync(Storage());
        var next = AppendAsync(storage);

        held.Go.Set();

        await next;
        while (!overtaken.IsCompleted)
            await Task.WhenAny(overtaken, time.PassWaitAsync(TimeSpan.FromSeconds(1)));
        await overtaken;
        Assert.Equal("xxx", (await storage.ReadAsync(Key, None))!.Thread.Title);
    }

    public void Dispose() => _folder.Dispose();

    private ThreadStorage Storage() => new(new FileThreadStore(_folder.Path), TimeProvider.System);

    private static Task AppendAsync(ThreadStorage storage, string threadId = "thread-0001") =>
        storage.ChangeAsync(Key with { ThreadId = threadId }, thread => thread with { Title = thread.Title + "x" }, None);

    private static async Task CreateAsync(ThreadStorage storage, string threadId = "thread-0001") => Assert.NotNull(await storage.WriteAsync(
        new ThreadDocument { User = Key.User, Id = threadId, CreatedAt = DateTimeOffset.UnixEpoch, UpdatedAt = DateTimeOffset.UnixEpoch }, null, None));
}
