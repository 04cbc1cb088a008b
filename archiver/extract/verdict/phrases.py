"""What pages say when they are not the article, in many languages; `notices` knows how to look for it.

Every phrase is in the form that `notices.normal` gives. A longer phrase stands before one that it contains. A heading
says its phrase and nothing else, a sentence begins with its phrase: so the sentences are those with which an article
would hardly begin one.
"""

from __future__ import annotations

import re


def _list(text: str) -> tuple[str, ...]:
    return tuple(re.split(r"\s*[|\n]\s*", text.strip()))


NOT_FOUND_HEADINGS = _list(
    """
    that page can't be found | page could not be found | page cannot be found | page can't be found
    page was not found | page is not found | page not found | file not found | article not found
    story not found | content not found | post not found | document not found | nothing was found
    page doesn't exist | page does not exist | page no longer exists | article no longer available
    this page isn't available | this page is not available | page unavailable | page is missing
    page is gone | nothing found here | nothing found | not found
    die seite wurde nicht gefunden | seite wurde nicht gefunden | seite nicht gefunden
    seite existiert nicht
    artikel nicht gefunden | inhalt nicht gefunden | seite nicht verfügbar | nicht gefunden
    cette page n'existe pas | cette page est introuvable | page non trouvée | page introuvable
    article introuvable | contenu introuvable | page inexistante
    la página no existe | página no encontrada | pagina no encontrada | artículo no encontrado
    noticia no encontrada | contenido no encontrado | no encontrado
    la pagina non esiste | pagina non trovata | pagina inesistente | articolo non trovato | non trovato
    a página não existe | página não encontrada | notícia não encontrada | não encontrado
    pagina niet gevonden | deze pagina bestaat niet | artikel niet gevonden | niet gevonden
    strona nie została znaleziona | nie znaleziono strony | strona nie istnieje | nie znaleziono
    страница не найдена | страница не существует | статья не найдена | страница удалена | не найдено
    сторінку не знайдено | сторінка не знайдена | старонка не знойдзена | страницата не е намерена
    sayfa bulunamadi | sayfa mevcut değil | haber bulunamadi | bulunamadi
    halaman tidak ditemukan | halaman tidak tersedia | artikel tidak ditemukan | tidak ditemukan
    halaman tidak dijumpai | trang không tồn tại | không tìm thấy trang | không tìm thấy
    ไม่พบหน้าที่คุณต้องการ | ไม่พบหน้าที่ต้องการ | ไม่พบหน้านี้ | ไม่พบหน้า | ไม่พบข้อมูล
    ページが見つかりませんでした | ページが見つかりません | ページは見つかりません | 記事が見つかりません
    お探しのページは | ページが存在しません | 您访问的页面不存在 | 该页面不存在 | 页面不存在 | 頁面不存在 | 找不到页面
    找不到頁面
    页面未找到 | 頁面未找到 | 无法找到页面 | 找不到网页 | 文章不存在
    페이지를 찾을 수 없습니다 | 존재하지 않는 페이지입니다 | 존재하지 않는 페이지 | 기사를 찾을 수 없습니다
    الصفحة غير موجودة | الصفحة غير متوفرة | لم يتم العثور على الصفحة | صفحه مورد نظر یافت نشد
    صفحه یافت نشد
    הדף לא נמצא | העמוד לא נמצא | η σελίδα δεν βρέθηκε | δεν βρέθηκε η σελίδα | पृष्ठ नहीं मिला
    पेज नहीं मिला
    sidan kunde inte hittas | sidan hittades inte | sidan finns inte | siden ble ikke funnet
    siden finnes ikke
    fant ikke siden | siden blev ikke fundet | siden findes ikke | sivua ei löytynyt | sivua ei löydy
    stránka nenalezena | stránka nebyla nalezena | stránka sa nenašla | az oldal nem található
    pagina nu a fost găsită | pagina nu există | stranica nije pronađena | 404
    """
)
"""Headings of a missing page."""

NOT_FOUND_SENTENCES = _list(
    """
    the page you are looking for | the page you were looking for | the page you're looking for
    the page you requested | the page you have requested | the page you are trying to | the page requested
    the article you are looking for | the article you requested | the story you are looking for
    the content you are looking for | the requested url | the requested page | the link you followed
    we can't find the page | we couldn't find the page | we could not find the page
    we can't find that page
    this article is no longer available | this story is no longer available
    this page is no longer available
    this article has been removed | this page has been removed | no article was found
    no articles were found
    it looks like nothing was found | nothing was found at this location | that page can't be found
    die angeforderte seite | die von ihnen aufgerufene seite | die von ihnen gesuchte seite
    die gesuchte seite
    diese seite existiert nicht | dieser artikel ist nicht mehr verfügbar
    der artikel ist nicht mehr verfügbar
    la page que vous recherchez | la page que vous cherchez | la page que vous avez demandée
    la page demandée
    cet article n'est plus disponible | l'article que vous cherchez | la página que buscas
    la página que busca
    la página que estás buscando | la página solicitada | este artículo ya no está disponible
    la pagina che stai cercando | la pagina che cerchi | la pagina richiesta | a página que você procura
    a página que procura | a página solicitada | de pagina die je zoekt | de pagina die u zoekt
    de opgevraagde pagina | strona, której szukasz
    запрашиваемая страница | запрошенная страница | страница, которую вы ищете
    такой страницы не существует
    aradiğiniz sayfa | aradiğiniz haber | halaman yang anda cari | trang bạn tìm kiếm | trang bạn đang tìm
    ไม่พบหน้า | お探しのページ | お探しの記事 | 指定されたページ | この記事は削除 | この記事は掲載期間
    您访问的页面 | 您要访问的页面 | 您查看的页面 | 你访问的页面 | 您要找的页面 | 抱歉,您访问 | 您造訪的頁面
    요청하신 페이지 | 찾으시는 페이지 | 삭제되었거나 존재하지 | 삭제된 기사 | الصفحة التي تبحث عنها
    الصفحة المطلوبة
    sidan du söker | siden du leter etter | siden du leder efter | etsimääsi sivua | stránka, kterou hledáte
    """
)
"""Beginnings of sentences on a missing page."""

BLOCK_HEADINGS = _list(
    """
    attention required! cloudflare | attention required | just a moment | checking your browser
    verify you are human | verify you're human | are you a robot | are you human | robot or human
    human verification | security verification | security check | bot verification | pardon our interruption
    one more step | client challenge | unusual traffic | access to this page has been denied
    access denied | access is denied | access restricted | request blocked | request rejected
    you have been blocked
    too many requests | 403 forbidden | forbidden | captcha | ddos-guard | javascript required
    enable javascript and cookies | unavailable for legal reasons | not available in your region
    zugriff verweigert | sicherheitsüberprüfung | sind sie ein mensch | bist du ein mensch
    zugang verweigert
    accès refusé | accès interdit | vérification de sécurité | êtes-vous un robot | un instant
    acceso denegado | acceso prohibido | verificación de seguridad | un momento
    accesso negato | verifica di sicurezza | acesso negado | verificação de segurança | um momento
    toegang geweigerd | beveiligingscontrole | dostęp zabroniony | odmowa dostępu | доступ запрещен
    доступ ограничен
    вы не робот | доступ заборонено | erişim engellendi | güvenlik doğrulamasi | bir dakika lütfen
    akses ditolak
    truy cập bị từ chối | xác minh bảo mật | アクセスが拒否されました | アクセス拒否 | 访问被拒绝
    訪問被拒絕
    安全验证 | 安全驗證 | 人机验证 | 请稍候 | 접근이 거부되었습니다 | 접근 거부 | 보안 확인 | تم رفض الوصول
    ปฏิเสธการเข้าถึง
    """
)
"""Headings of a refusal or a test for robots."""

BLOCK_SENTENCES = _list(
    """
    checking your browser | checking if the site connection is secure | verify you are human
    verifying you are human
    confirm you are human | confirm that you are not a robot | complete the security check
    complete the captcha
    enable javascript and cookies | enable cookies | enable js and disable any ad blocker
    why have i been blocked
    our systems have detected unusual traffic | we have detected unusual | we've detected unusual
    you have been blocked
    as you were browsing something about your browser | access to this page has been denied
    your request has been blocked
    you don't have permission to access | you do not have permission to access
    your access to this site has been
    press & hold to confirm | press and hold | this site is protected by | performing security verification
    this website uses a security service | this website is using a security service
    click the box below to let us know
    ihr browser wird überprüft | bestätigen sie, dass sie ein mensch | bestätigen sie, dass sie kein roboter
    aktivieren sie javascript und cookies | ungewöhnlicher datenverkehr | ihr zugriff wurde
    vérifiez que vous êtes humain | confirmez que vous n'êtes pas un robot
    activez javascript et les cookies
    votre accès a été | verifique que es un ser humano | confirme que no es un robot
    habilite javascript y las cookies
    verifica di essere un essere umano | conferma di non essere un robot | abilita javascript e i cookie
    verifique se você é humano | confirme que você não é um robô | controleer of u een mens bent
    bevestig dat je geen robot bent | potwierdź, że jesteś człowiekiem | подтвердите, что вы не робот
    подтвердите, что вы человек | проверка браузера | insan olduğunuzu doğrulayin | robot olmadiğinizi
    verifikasi bahwa anda manusia | xác minh bạn là con người | あなたが人間であることを
    ロボットではないことを
    请完成以下操作,验证您是真人 | 确认您是真人 | 请完成安全验证 | 사람인지 확인 | 로봇이 아님을
    تحقق من أنك إنسان
    """
)
"""Beginnings of sentences on a refusal or a test for robots."""

LOGIN_HEADINGS = _list(
    """
    log in to your account | sign in to your account | log in to continue | sign in to continue
    log in or sign up
    login required | please log in | please sign in | sign in | log in | bitte anmelden | anmeldung
    anmelden | einloggen | connectez-vous | se connecter | connexion | iniciar sesión | inicia sesión
    accedi
    iniciar sessão | fazer login | inloggen | zaloguj się | logowanie | войти | вход | авторизация
    giriş yap | đăng nhập | masuk | ログイン | 登录 | 登入 | 로그인 | تسجيل الدخول | เข้าสู่ระบบ | logg inn
    logga in | login
    """
)
"""Headings of a login page."""

LOGIN_SENTENCES = _list(
    """
    log in to continue | sign in to continue | you must be logged in | you need to be logged in
    you have to log in
    melden sie sich an, um | connectez-vous pour | inicia sesión para | inicie sesión para | accedi per
    log in om verder | zaloguj się, aby | войдите, чтобы | devam etmek için giriş | 続けるにはログイン
    """
)
"""Beginnings of sentences on a login page."""

OUTAGE_HEADINGS = _list(
    """
    error establishing a database connection | database connection error | internal server error
    bad gateway
    service temporarily unavailable | service unavailable | gateway timeout | gateway time-out
    site under maintenance | under maintenance | down for maintenance | scheduled maintenance
    maintenance mode
    we'll be right back | we'll be back soon | temporarily unavailable | an error occurred
    an error has occurred
    something went wrong | application error | server error | account suspended | wartungsarbeiten
    wartungsmodus
    interner serverfehler | serverfehler | site en maintenance | en maintenance | en mantenimiento
    error interno del servidor | sito in manutenzione | in manutenzione | em manutenção | in onderhoud
    przerwa techniczna | технические работы | сайт на обслуживании | bakim çalişmasi | メンテナンス中
    系统维护 | 점검 중
    """
)
"""Headings of a fault of the site."""

OUTAGE_SENTENCES = _list(
    """
    error establishing a database connection | this account has been suspended | fatal error: | uncaught error:
    """
)
"""Beginnings of sentences on a fault of the site."""

PARKED_HEADINGS = _list(
    """
    this domain is for sale | domain is for sale | domain for sale | parked domain | domain parking
    this domain has expired
    welcome to nginx | apache2 ubuntu default page | apache2 debian default page | it works
    iis windows server
    index of | default web site page | diese domain steht zum verkauf | ce domaine est à vendre
    домен продается
    """
)
"""Headings of a site that is no longer there."""

PARKED_SENTENCES = _list(
    """
    this domain is for sale | this domain may be for sale | buy this domain | this domain has expired
    """
)
"""Beginnings of sentences on a site that is no longer there."""

CONSENT = _list(
    """
    we and our partners | we use cookies | our partners | accept all | reject all | manage your choices
    we value your privacy | we care about your privacy | before you continue | wir und unsere partner
    unsere partner
    wir verwenden cookies | wir nutzen cookies | alle akzeptieren | alle ablehnen | bevor sie fortfahren
    nous et nos partenaires | nos partenaires | nous utilisons des cookies | tout accepter | avant de continuer
    nosotros y nuestros socios | nuestros socios | utilizamos cookies | usamos cookies | aceptar todo
    rechazar todo
    noi e i nostri partner | i nostri partner | utilizziamo i cookie | accetta tutto | rifiuta tutto
    nós e os nossos parceiros | nossos parceiros | aceitar tudo | wij en onze partners | onze partners
    wij gebruiken cookies | we gebruiken cookies | alles accepteren | my i nasi partnerzy | nasi partnerzy
    używamy plików cookie | zaakceptuj wszystko | мы используем файлы cookie | мы и наши партнеры | принять все
    çerezleri kullaniyoruz | tümünü kabul et | vi och våra partner | vi og våre partnere | vi bruger cookies
    クッキーを使用 | すべて受け入れる | すべて同意 | 我们使用cookie | 接受所有 | 全部接受 | 쿠키를 사용
    모두 동의 | نستخدم ملفات
    """
)
"""What a consent dialogue says in its own voice."""

CONSENT_WORDS = _list(
    """
    cookie | consent | privacy | partner | personal data | accept | einwillig | datenschutz | zustimm | akzept
    confidentialité | privacidad | parceiros | socios | trattamento | toestemming | zgod | prywatno | соглас
    конфиденц | партнер | çerez | gizlilik | 同意 | プライバシー | 隐私 | 쿠키 | 개인정보 | donnée
    """
)
"""Stems of what nearly every sentence of a consent dialogue speaks of."""

OFFER = _list(
    """
    to continue reading | continue reading with | to read the full article | to read the full story
    to read this article | keep reading with
    subscribe to read | subscribe to continue | subscribe now to read | register to continue
    sign up to continue
    already a subscriber | this article is for subscribers | this content is for subscribers
    subscribers only
    for subscribers only | exclusively for subscribers | unlock this article | become a member to read
    jetzt weiterlesen | weiterlesen mit | um weiterzulesen | sie sind bereits abonnent | bereits abonnent
    nur für abonnenten | diesen artikel freischalten | artikel freischalten
    jetzt freischalten
    réservé aux abonnés | la suite est réservée aux abonnés | réservé à nos abonnés
    pour lire la suite | déjà abonné
    solo para suscriptores | exclusivo para suscriptores | para seguir leyendo | suscríbete para
    ya eres suscriptor
    riservato agli abbonati | per continuare a leggere | abbonati per leggere | sei già abbonato
    exclusivo para assinantes | para continuar lendo | para continuar a ler | já é assinante | assine para ler
    lees verder met | alleen voor abonnees | al abonnee | dla prenumeratorów | czytaj dalej z
    dostęp dla subskrybentów | только для подписчиков | чтобы читать дальше | оформите подписку, чтобы
    fortsæt med at læse | vain tilaajille
    この記事は会員限定 | この記事は有料会員 | 会員限定の記事です | 有料会員限定の記事です
    続きを読むには
    订阅后继续阅读 | 訂閱後繼續閱讀 | 仅限订阅 | 구독자 전용 | 유료 회원 | للمشتركين فقط | สำหรับสมาชิก
    """
)
"""How a page offers the rest of an article for money or a registration."""
