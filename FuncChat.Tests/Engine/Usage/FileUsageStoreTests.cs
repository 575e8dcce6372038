using FuncChat.Engine.Usage;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Engine.Usage;

public sealed class FileUsageStoreTests : UsageStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override IUsageStore Open() => new FileUsageStore(_folder.Path);

    [Fact]
    public async Task Damaged_file_and_a_writer_with_a_path_harm_no_other_record()
    {
        var day = new DateTimeOffset(2026, 3, 30, 0, 0, 0, TimeSpan.Zero);
        var counts = new Dictionary<UsageWindow, long> { [UsageWindow.At(day, "ada", UsageKind.Tokens)] = 5 };
        await Open().WriteAsync(new UsageRecord("ada", day, "../../../one", counts), CancellationToken.None);
        var written = Assert.Single(Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories));
        await File.WriteAllTextAsync(written.Replace("_one", "_two", StringComparison.Ordinal), "{\"account\":");

        var record = Assert.Single(await Open().ReadAsync("ada", day, CancellationToken.None));

        Assert.Equal(5, record.Counts.Values.Single());
    }

    [Fact]
    public async Task Record_with_another_field_harms_no_other_record()
    {
        var day = new DateTimeOffset(2026, 3, 30, 0, 0, 0, TimeSpan.Zero);
        var counts = new Dictionary<UsageWindow, long> { [UsageWindow.At(day, "ada", UsageKind.Tokens)] = 5 };
        await Open().WriteAsync(new UsageRecord("ada", day, "one", counts) { Name = "Ada" }, CancellationToken.None);
        var written = Assert.Single(Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories));
        foreach (var (at, json) in JsonDamage.Of(await File.ReadAllTextAsync(written)))
        {
            await File.WriteAllTextAsync(written.Replace("_one", "_two", StringComparison.Ordinal), json);

            var records = await Open().ReadAsync("ada", day, CancellationToken.None);
            Assert.True(records.Count(record => record.Writer == "one") == 1 && records.All(record => record.Account == "ada"), at);
        }
    }
}
