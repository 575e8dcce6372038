using FuncChat.Engine;
using FuncChat.Engine.Files;
using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Moq;

namespace FuncChat.Tests.Engine.Files;

public sealed class FileServiceTests
{
    [Fact]
    public async Task Memory_of_a_file_is_released_when_reading_it_is_canceled()
    {
        using var caller = new CancellationTokenSource();
        var file = new StoredFile { User = "ada", Id = FileKey.NewFileId(), Name = "a.txt", MediaType = "text/plain", Bytes = 1000, CreatedAt = TimeProvider.System.GetUtcNow() };
        var store = new Mock<IFileStore>();
        store.Setup(files => files.ReadAsync(file.Key, It.IsAny<CancellationToken>())).ReturnsAsync(file);
        store.Setup(files => files.ReadContentAsync(file.Key, It.IsAny<CancellationToken>())).Returns(async () =>
        {
            await caller.CancelAsync();
            throw new OperationCanceledException(caller.Token);
        });
        var memory = new RequestMemory(Options.Create(new TurnOptions()));
        var service = new FileService(new FileStorage(store.Object, memory, TimeProvider.System), null!, null!, memory, Options.Create(new FileLimits()), TimeProvider.System);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => service.OpenAsync("ada", file.Id, caller.Token));

        using var all = memory.Hold("ada", int.MaxValue).Value;
        Assert.NotNull(all);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Upload_counts_until_a_stalled_store_no_longer_holds_its_content_even_if_no_request_waits(bool leaves)
    {
        var time = new FakeTimeProvider();
        using var caller = new CancellationTokenSource();
        var stalled = new TaskCompletionSource();
        var file = new StoredFile { User = "ada", Id = FileKey.NewFileId(), Name = "a.txt", MediaType = "text/plain", Bytes = 1000, CreatedAt = time.GetUtcNow() };
        var store = new Mock<IFileStore>();
        store.Setup(files => files.WriteAsync(file, It.IsAny<ReadOnlyMemory<byte>>(), null, It.IsAny<CancellationToken>())).Returns(stalled.Task);
        using var memory = new RequestMemory(Options.Create(new TurnOptions { MaxRequestBytes = 4000 }));
        var writing = new FileStorage(store.Object, memory, time).WriteAsync(file, new byte[1000], null, caller.Token);
        Assert.Null(Held(memory));

        if (leaves)
            await caller.CancelAsync();
        else
            time.Advance(TimeSpan.FromSeconds(30));

        var failure = await Assert.ThrowsAnyAsync<Exception>(() => writing);
        Assert.True(leaves ? failure is OperationCanceledException : failure is TurnStoreException, $"{failure}");
        Assert.NotNull(Held(memory));
        stalled.SetException(new IOException("The disk failed."));

        // If it is never released, this never ends.
        while (Held(memory) is not null)
            await Task.Yield();
    }

    // Why the user can't hold a byte.
    private static AppError? Held(RequestMemory memory)
    {
        var more = memory.Hold("ada", 1);
        more.Value?.Dispose();
        return more.Error;
    }
}
