using FuncChat.Engine.Usage;
using FuncChat.Tests.Support;
using Microsoft.Extensions.Logging;

namespace FuncChat.Tests.Engine.Usage;

public sealed class FileUsageStoreTests : UsageStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LogLines _log = new();
    private readonly ILoggerFactory _logging;

    public FileUsageStoreTests() => _logging = LoggerFactory.Create(logging => logging.AddProvider(_log));

    public void Dispose()
    {
        _logging.Dispose();
        _folder.Dispose();
    }

    protected override IUsageStore Open() => new FileUsageStore(_folder.Path, _logging.CreateLogger<FileUsageStore>());

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

    [LinuxFact]
    public async Task Record_that_can_not_be_read_is_logged_once_and_the_others_of_its_day_are_counted_and_rolled_up()
    {
        var day = new DateTimeOffset(2026, 3, 30, 0, 0, 0, TimeSpan.Zero);
        var counts = new Dictionary<UsageWindow, long> { [UsageWindow.At(day, "ada", UsageKind.Tokens)] = 5 };
        foreach (var writer in new[] { "one", "two", "three" })
            await Open().WriteAsync(new UsageRecord("ada", day, writer, counts), CancellationToken.None);
        UnreadableFile.Put(Assert.Single(Directory.GetFiles(_folder.Path, "*_two.json", SearchOption.AllDirectories)));
        var store = Open();

        Assert.Equal(["one", "three"], (await store.ReadAsync("ada", day, CancellationToken.None)).Select(record => record.Writer).Order(StringComparer.Ordinal));
        await UsageRollup.RunAsync(store, day.AddDays(5), CancellationToken.None);

        var total = Assert.Single(await store.ReadAllAsync(day, day.AddDays(1), CancellationToken.None).ToListAsync());
        Assert.Equal((UsageRollup.Writer, 10), (total.Writer, total.Counts.Values.Single()));
        Assert.Equal(2, _log.All.Split("_two.json can't be read").Length);
    }
}
