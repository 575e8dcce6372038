using FuncChat.Engine.Files;
using FuncChat.Engine.Turns;
using Microsoft.Extensions.Options;
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
        var service = new FileService(new FileStorage(store.Object, TimeProvider.System), null!, null!, memory, Options.Create(new FileLimits()), TimeProvider.System);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => service.OpenAsync("ada", file.Id, caller.Token));

        using var all = memory.Hold("ada", int.MaxValue).Value;
        Assert.NotNull(all);
    }
}
