using FuncChat.Engine.Usage;
using FuncChat.Tests.Support;
using Microsoft.Extensions.Logging;

namespace FuncChat.Tests.Engine.Usage;

public sealed class FileUsageStoreTests : UsageStoreContract, IDisposable
{
    private static readonly DateTimeOffset Day = new(2026, 3, 30, 0, 0, 0, TimeSpan.Zero);

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
    public async Task Account_whose_folder_can_not_be_read_keeps_no_record_of_another_from_being_rolled_up_and_removed()
    {
        await Open().WriteAsync(RecordOf("ada", Day, "one"), CancellationToken.None);
        await Open().WriteAsync(RecordOf("ada", Day.AddDays(-500), "old"), CancellationToken.None);
        await Open().WriteAsync(RecordOf("ada", Day.AddDays(-500), "damaged"), CancellationToken.None);
        var damaged = FileOf("damaged");
        await File.WriteAllTextAsync(damaged, "{");
        if (!UnreadableFolder.TryPut(Path.Combine(_folder.Path, "usage"), "0", "f"))
            return;
        var store = Open();

        await Assert.ThrowsAsync<IOException>(() => UsageRollup.RunAsync(store, Day.AddDays(5), CancellationToken.None));

        Assert.Equal([UsageRollup.Writer], (await store.ReadAllAsync(DateTimeOffset.MinValue, Day.AddDays(2), CancellationToken.None).ToListAsync()).Select(record => record.Writer));
        Assert.Single(Directory.EnumerateFiles(Path.GetDirectoryName(damaged)!));

        // The folders and the damaged record, once each.
        Assert.Equal(3, _log.All.Split("can't be read").Length - 1);
    }

    [LinuxFact]
    public async Task Day_with_a_record_that_can_not_be_read_for_a_while_is_rolled_up_once_it_can_be_and_other_days_and_accounts_before()
    {
        var days = new[] { Day, Day.AddDays(1) };
        foreach (var account in new[] { "ada", "bob" })
        {
            foreach (var day in days)
            {
                foreach (var writer in new[] { "one", "two", "three" })
                    await Open().WriteAsync(RecordOf(account, day, writer), CancellationToken.None);
            }
        }

        await Open().WriteAsync(RecordOf("ada", Day, "away"), CancellationToken.None);
        var away = FileOf("away");
        var json = await File.ReadAllTextAsync(away);
        UnreadableFile.Put(away);
        var store = Open();

        await UsageRollup.RunAsync(store, Day.AddDays(5), CancellationToken.None);

        var left = await store.ReadAllAsync(Day, Day.AddDays(2), CancellationToken.None).ToListAsync();
        Assert.Equal(["one", "three", "two"], left.Where(record => record.Account == "ada" && record.Day == Day).Select(record => record.Writer).Order(StringComparer.Ordinal));
        Assert.Equal(3, left.Count(record => record.Writer == UsageRollup.Writer && record.Counts.Values.Single() == 15));
        Assert.Equal(2, _log.All.Split("_away.json can't be read").Length);

        File.Delete(away);
        await File.WriteAllTextAsync(away, json);
        await UsageRollup.RunAsync(store, Day.AddDays(5), CancellationToken.None);

        var totals = await store.ReadAllAsync(Day, Day.AddDays(2), CancellationToken.None).ToListAsync();
        Assert.Equal(4, totals.Count);
        Assert.Equal((UsageRollup.Writer, 20), Assert.Single(totals.Where(record => record.Account == "ada" && record.Day == Day).Select(record => (record.Writer, record.Counts.Values.Single()))));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("""{"account":"bob","counts":[]}""")]
    public async Task Record_that_is_none_or_of_another_account_is_logged_and_its_day_is_not_rolled_up(string json)
    {
        await Open().WriteAsync(RecordOf("ada", Day, "one"), CancellationToken.None);
        await File.WriteAllTextAsync(FileOf("one").Replace("_one", "_two", StringComparison.Ordinal), json);
        var store = Open();

        await UsageRollup.RunAsync(store, Day.AddDays(5), CancellationToken.None);

        Assert.Equal("one", Assert.Single(await store.ReadAllAsync(Day, Day.AddDays(1), CancellationToken.None).ToListAsync()).Writer);
        Assert.Equal(2, _log.All.Split("_two.json can't be read").Length);
    }

    [LinuxFact]
    public async Task Record_that_can_never_be_read_is_removed_when_it_has_expired()
    {
        foreach (var writer in new[] { "one", "away", "two" })
            await Open().WriteAsync(RecordOf("ada", Day, writer), CancellationToken.None);
        await Open().WriteAsync(RecordOf("ada", Day.AddDays(1), "later"), CancellationToken.None);
        UnreadableFile.Put(FileOf("away"));
        await File.WriteAllTextAsync(FileOf("two"), "{");
        UnreadableFile.Put(FileOf("later"));

        await UsageRollup.RunAsync(Open(), Day.AddDays(401), CancellationToken.None);

        Assert.EndsWith("_later.json", Assert.Single(Directory.GetFiles(_folder.Path, "*.json", SearchOption.AllDirectories)), StringComparison.Ordinal);
    }

    private static UsageRecord RecordOf(string account, DateTimeOffset day, string writer) =>
        new(account, day, writer, new Dictionary<UsageWindow, long> { [UsageWindow.At(day, account, UsageKind.Tokens)] = 5 });

    private string FileOf(string writer) => Assert.Single(Directory.GetFiles(_folder.Path, $"*_{writer}.json", SearchOption.AllDirectories));
}
