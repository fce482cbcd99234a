import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.ar.ArabicAnalyzer;
import org.apache.lucene.analysis.core.DecimalDigitFilter;
import org.apache.lucene.analysis.de.GermanAnalyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.en.KStemFilter;
import org.apache.lucene.analysis.en.PorterStemFilter;
import org.apache.lucene.analysis.es.SpanishAnalyzer;
import org.apache.lucene.analysis.fr.FrenchAnalyzer;
import org.apache.lucene.analysis.it.ItalianAnalyzer;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.nl.DutchAnalyzer;
import org.apache.lucene.analysis.pt.PortugueseAnalyzer;
import org.apache.lucene.analysis.ru.RussianAnalyzer;
import org.elasticsearch.index.analysis.AnalyzerScope;
import org.elasticsearch.index.analysis.PreBuiltAnalyzerProviderFactory;
import org.elasticsearch.index.analysis.PreConfiguredTokenFilter;
import org.elasticsearch.indices.analysis.PreBuiltCacheFactory.CachingStrategy;
import org.elasticsearch.plugins.AnalysisPlugin;
import org.elasticsearch.plugins.Plugin;

/**
 * Gives the language analyzers and the usual token filters under their standard names.
 *
 * They belong to a module of the distribution that is not published as a jar. What they are made of is in Lucene's own
 * jar, so that a mapping which names them means the same here and on the official image.
 */
public final class Analyzers extends Plugin implements AnalysisPlugin {
    private static final Map<String, Supplier<Analyzer>> LANGUAGES = Map.of(
        "arabic", ArabicAnalyzer::new,
        "dutch", DutchAnalyzer::new,
        "english", EnglishAnalyzer::new,
        "french", FrenchAnalyzer::new,
        "german", GermanAnalyzer::new,
        "italian", ItalianAnalyzer::new,
        "portuguese", PortugueseAnalyzer::new,
        "russian", RussianAnalyzer::new,
        "spanish", SpanishAnalyzer::new
    );

    @Override
    public List<PreBuiltAnalyzerProviderFactory> getPreBuiltAnalyzerProviderFactories() {
        List<PreBuiltAnalyzerProviderFactory> factories = new ArrayList<>();
        LANGUAGES.forEach(
            (name, analyzer) -> factories.add(new PreBuiltAnalyzerProviderFactory(name, CachingStrategy.LUCENE, analyzer))
        );
        return factories;
    }

    @Override
    public List<PreConfiguredTokenFilter> getPreConfiguredTokenFilters() {
        // true where a wildcard's word should be changed in the same way, as the distribution has it.
        return List.of(
            filter("asciifolding", true, ASCIIFoldingFilter::new),
            filter("decimal_digit", true, DecimalDigitFilter::new),
            filter("kstem", false, KStemFilter::new),
            filter("porter_stem", false, PorterStemFilter::new)
        );
    }

    private static PreConfiguredTokenFilter filter(
        String name, boolean alsoForWildcards, Function<TokenStream, TokenStream> make
    ) {
        return PreConfiguredTokenFilter.singleton(name, alsoForWildcards, make);
    }
}
