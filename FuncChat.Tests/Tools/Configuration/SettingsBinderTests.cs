using System.ComponentModel.DataAnnotations;
using FuncChat.Tools.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FuncChat.Tests.Tools.Configuration;

public sealed class SettingsBinderTests
{
    [Theory]
    [InlineData("90", "00:01:30")]
    [InlineData("2.5", "00:00:02.5000000")]
    [InlineData("00:02:00", "00:02:00")]
    [InlineData("1.00:00:00", "1.00:00:00")]
    [InlineData(" 3 ", "00:00:03")]
    [InlineData("", "00:00:10")]
    [InlineData("  ", "00:00:10")]
    public void Duration_is_seconds_when_it_is_a_plain_number(string text, string duration) =>
        Assert.Equal(TimeSpan.Parse(duration, System.Globalization.CultureInfo.InvariantCulture), Read(("FuncChat:Some:Wait", text)).Wait);

    [Theory]
    [InlineData("FuncChat:Some:Wait", "secret", "FuncChat__Some__Wait must be a duration (seconds, or hh:mm:ss) from 00:00:01 to 1.00:00:00. Example: 00:00:10")]
    [InlineData("FuncChat:Some:Wait", "0.5", "FuncChat__Some__Wait must be a duration (seconds, or hh:mm:ss) from 00:00:01 to 1.00:00:00. Example: 00:00:10")]
    [InlineData("FuncChat:Some:Wait", "1e400", "FuncChat__Some__Wait must be a duration (seconds, or hh:mm:ss) from 00:00:01 to 1.00:00:00. Example: 00:00:10")]
    [InlineData("FuncChat:Some:Count", "secret", "FuncChat__Some__Count must be a whole number of at least 1. Example: 5")]
    [InlineData("FuncChat:Some:Count", "0", "FuncChat__Some__Count must be a whole number of at least 1. Example: 5")]
    [InlineData("FuncChat:Some:Count", "5.5", "FuncChat__Some__Count must be a whole number of at least 1. Example: 5")]
    [InlineData("FuncChat:Some:Count", "99999999999", "FuncChat__Some__Count must be a whole number of at least 1. Example: 5")]
    [InlineData("FuncChat:Some:Flag", "secret", "FuncChat__Some__Flag must be true or false. Example: false")]
    [InlineData("FuncChat:Some:Day", "secret", "FuncChat__Some__Day must be one of Sunday, Monday, Tuesday, Wednesday, Thursday, Friday, Saturday. Example: Monday")]
    [InlineData("FuncChat:Some:Day", "3", "FuncChat__Some__Day must be one of Sunday, Monday, Tuesday, Wednesday, Thursday, Friday, Saturday. Example: Monday")]
    [InlineData("FuncChat:Some:Day", "Monday,Tuesday", "FuncChat__Some__Day must be one of Sunday, Monday, Tuesday, Wednesday, Thursday, Friday, Saturday. Example: Monday")]
    [InlineData("SOME_URL", "ftp://secret/", "SOME_URL must be an absolute http or https URL without a user name or password. Example: https://example.com")]
    [InlineData("SOME_URL", "https://me:secret@example.com/", "SOME_URL must be an absolute http or https URL without a user name or password. Example: https://example.com")]
    [InlineData("SOME_KEY", "secret key", "SOME_KEY contains what no key has, such as a space, a line break or quotes around it: copy the key again.")]
    [InlineData("SOME_KEY", "\"secret\"", "SOME_KEY contains what no key has, such as a space, a line break or quotes around it: copy the key again.")]
    public void Wrong_value_is_reported_with_the_settings_name_and_an_example_and_never_repeated(string key, string value, string problem)
    {
        var wrong = Assert.Throws<OptionsValidationException>(() => Read((key, value)));

        Assert.Equal([problem], wrong.Failures);
        Assert.DoesNotContain("secret", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Name_of_a_choice_may_have_any_case() => Assert.Equal(DayOfWeek.Friday, Read(("FuncChat:Some:Day", "fRIDAY")).Day);

    [Fact]
    public void All_problems_are_reported_at_once() =>
        Assert.Equal(2, Assert.Throws<OptionsValidationException>(() => Read(("FuncChat:Some:Wait", "x"), ("FuncChat:Some:Count", "x"))).Failures.Count());

    [Fact]
    public void Setting_is_read_by_its_well_known_name_or_by_its_sections()
    {
        Assert.Equal("https://a.test/", Read(("SOME_URL", "https://a.test/")).Url);
        Assert.Equal("https://b.test/", Read(("FuncChat:Some:Url", "https://b.test/")).Url);
        Assert.Equal("https://a.test/", Read(("SOME_URL", "https://a.test/"), ("FuncChat:Some:Url", "https://b.test/")).Url);
    }

    [Fact]
    public void List_is_one_text_with_commas_or_numbered_settings()
    {
        Assert.Equal(["a", "b"], Read(("FuncChat:Some:Names", "a, b,")).Names);
        Assert.Equal(["a", "b"], Read(("FuncChat:Some:Names:0", "a"), ("FuncChat:Some:Names:1", " b")).Names);
        Assert.Empty(Read(("FuncChat:Some:Names", "")).Names);
    }

    private static SomeOptions Read(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();
        var services = new ServiceCollection();
        services.AddSettings<SomeOptions>(configuration, "FuncChat:Some");
        return services.BuildServiceProvider().GetRequiredService<IOptions<SomeOptions>>().Value;
    }

    private sealed record SomeOptions
    {
        [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
        public TimeSpan Wait { get; set; } = TimeSpan.FromSeconds(10);

        [Range(1, int.MaxValue)]
        public int Count { get; set; } = 5;

        public bool Flag { get; set; }

        public DayOfWeek Day { get; set; } = DayOfWeek.Monday;

        [SettingName("SOME_URL")]
        [HttpUrl]
        [Example("https://example.com")]
        public string? Url { get; set; }

        [SettingName("SOME_KEY")]
        [KeyText]
        public string? Key { get; set; }

        public IReadOnlyList<string> Names { get; set; } = [];
    }
}
