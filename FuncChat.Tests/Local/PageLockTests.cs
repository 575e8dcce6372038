using FuncChat.Local;
using FuncChat.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace FuncChat.Tests.Local;

public sealed class PageLockTests
{
    [Fact]
    public async Task Second_build_waits_until_the_first_has_ended()
    {
        using var folder = new TemporaryFolder();
        var time = new FakeTimeProvider();
        var first = await PageLock.AcquireAsync(folder.Path, time, CancellationToken.None);

        var second = PageLock.AcquireAsync(folder.Path, time, CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(second.IsCompleted);
        first.Dispose();
        while (!second.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        (await second).Dispose();
    }

    [Fact]
    public async Task Folder_that_cannot_be_written_is_an_error_and_not_waited_for()
    {
        using var folder = new TemporaryFolder();

        await Assert.ThrowsAnyAsync<IOException>(() => PageLock.AcquireAsync(Path.Combine(folder.Path, "missing"), TimeProvider.System, CancellationToken.None));
    }
}
