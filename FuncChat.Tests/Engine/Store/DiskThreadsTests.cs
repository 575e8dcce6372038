using FuncChat.Engine.Store;

namespace FuncChat.Tests.Engine.Store;

public sealed class DiskThreadsTests
{
    [Fact]
    public async Task User_with_one_access_does_not_wait_for_all_of_another_user()
    {
        using var go = new SemaphoreSlim(0);
        var order = new List<string>();
        var held = Enumerable.Range(0, 4).Select(_ => DiskThreads.RunAsync("disk user a", () => go.Wait(), CancellationToken.None)).ToList();
        var many = Enumerable.Range(0, 20).Select(_ => RunAsync("disk user a")).ToList();
        var one = RunAsync("disk user b");

        go.Release();
        await one;

        Assert.Equal("disk user b", order[0]);
        go.Release(3);
        await Task.WhenAll([.. held, .. many]);

        Task RunAsync(string user) => DiskThreads.RunAsync(
            user,
            () =>
            {
                lock (order)
                    order.Add(user);
            },
            CancellationToken.None);
    }
}
