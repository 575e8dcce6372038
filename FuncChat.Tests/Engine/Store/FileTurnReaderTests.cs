using FuncChat.Engine.Store;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Engine.Store;

/// <summary>Readers of turns in files.</summary>
public sealed class FileTurnReaderTests : TurnReaderContract<FileTurnStore>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Turn_of_megabytes_is_read_from_its_middle()
    {
        await using var writer = await CreateAsync(Open());
        var frames = Enumerable.Range(1, 20_000).Select(id => $"id: {id}\nevent: delta\ndata: {{\"content\":\"{new string('x', id % 300)}\"}}\n\n").ToList();
        await writer.AppendAsync(new EventBatch([Bytes(string.Concat(frames))], 0, 20_000), None);

        for (var after = 0; after <= 20_000; after += 1_999)
        {
            await using var reader = await Open().OpenAsync(Key, None);
            Assert.Equal(string.Concat(frames.Skip(after)), await ToEndAsync(reader!, after));
        }
    }

    public void Dispose() => _folder.Dispose();

    protected override FileTurnStore Open() => new(_folder.Path);
}
